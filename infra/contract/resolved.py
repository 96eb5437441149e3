"""The function's environment in the program, checked as soon as its values are known."""

from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_random as random

from infra.contract.environment import (
    SESSION_KEY,
    UNKNOWN,
    check_environment,
    function_environment,
)
from infra.errors import ContractError
from infra.settings.files import ENCRYPTED, SECRETS

if TYPE_CHECKING:
    from infra.components.identity import Identity
    from infra.components.table import Table
    from infra.settings import StageSettings

_SESSION_KEY_LENGTH: Final = 48


class UnfitValueError(ContractError, pulumi.RunError):
    """An unfit value; Pulumi shows the message without a traceback."""


def checked_environment(
    settings: "StageSettings", table: "Table", identity: "Identity"
) -> "dict[str, pulumi.Input[str]]":
    """Return the function's variables, with a new session key.

    Only the key and the stage's secrets are secret, so `pulumi preview --diff` shows changes of the
    other variables. The key's output fails with `UnfitValueError`, with the name of each variable
    that does not fit.
    """
    session_key = random.RandomPassword("session-key", length=_SESSION_KEY_LENGTH, special=False)
    variables = function_environment(
        settings,
        table_name=table.name,
        user_pool_id=identity.user_pool_id,
        client_id=identity.client_id,
        secrets={
            SESSION_KEY: pulumi.Output.secret(session_key.result),
            **{name: _read_secret(name) for name in settings.secrets},
        },
    )
    return variables | {SESSION_KEY: pulumi.Output.all(**variables).apply(_checked_key)}


def _checked_key(variables: dict[str, str]) -> str:
    """Return the session key if all variables fit."""
    try:
        check_environment(variables)
    except ContractError as error:
        raise UnfitValueError(str(error)) from None
    return variables[SESSION_KEY]


def _read_secret(name: str) -> pulumi.Output[str]:
    """Return a secret of the stack; without the engine, an encrypted value stays unknown."""
    value = pulumi.Config(SECRETS).require_secret(name)
    return value.apply(lambda found: UNKNOWN if found.startswith(ENCRYPTED) else found)
