"""The local stage's owner: a user who may write."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError, ParamValidationError

from infra.components.identity import OWNER_GROUP
from infra.errors import LocalStageError

if TYPE_CHECKING:
    from infra.local.clients import EmulatorClients

OWNER_EMAIL: Final = "owner@example.com"


@dataclass(frozen=True)
class Owner:
    """Who may write, and how they sign in."""

    email: str
    password: str


def create_owner(clients: "EmulatorClients", pool: str, password: str | None) -> Owner:
    """Create the owner with this password, or with one made up.

    Raises:
        LocalStageError: if the pool's policy refuses the password.
    """
    owner = Owner(OWNER_EMAIL, password or _make_up_password())
    attributes = {"email": owner.email, "email_verified": "true", "name": "Local Owner"}
    clients.cognito.admin_create_user(
        UserPoolId=pool,
        Username=owner.email,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )
    _set_password(clients, pool, owner)
    clients.cognito.admin_add_user_to_group(
        UserPoolId=pool, Username=owner.email, GroupName=OWNER_GROUP
    )
    return owner


def _set_password(clients: "EmulatorClients", pool: str, owner: Owner) -> None:
    try:
        clients.cognito.admin_set_user_password(
            UserPoolId=pool, Username=owner.email, Password=owner.password, Permanent=True
        )
    except (ClientError, ParamValidationError) as error:
        raise LocalStageError(f"OWNER_PASSWORD is refused: {error}") from None


def _make_up_password() -> str:
    # The tail holds one of each kind of character that the pool's policy asks for.
    return secrets.token_urlsafe(12) + "-Aa1"
