"""The function's environment, compared with the backend's `Settings` before a deployment."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, get_args, override

from infra.errors import ContractError
from infra.settings.nearest import nearest

if TYPE_CHECKING:
    from pulumi import Input
    from pydantic.fields import FieldInfo
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

    from infra.settings import StageSettings

UNKNOWN: Final = "\0unknown"
"""A placeholder for a value unknown until its resource exists."""

_SET_BY_LAMBDA: Final = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }
)
"""Variables set by Lambda, forbidden in a function's configuration (Lambda's reserved variables).

The endpoint is set by the emulator only.
"""

LAMBDAS_OWN: Final = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "placeholder",
    "AWS_SECRET_ACCESS_KEY": "placeholder",
}
"""Lambda's own variables, as far as the backend reads them."""

SESSION_KEY: Final = "SESSION_KEY"
"""The secret variable that the program generates itself."""

_LIMIT: Final = 4096
"""Maximum size of all variables of a function, in bytes of Lambda's JSON (Lambda quotas)."""


def function_environment(
    settings: "StageSettings",
    *,
    table_name: "Input[str]",
    user_pool_id: "Input[str]",
    client_id: "Input[str]",
    secrets: "Mapping[str, Input[str]]",
) -> "dict[str, Input[str]]":
    """Return the function's environment variables.

    Args:
        settings: the settings of the stage.
        table_name: the table.
        user_pool_id: the user pool.
        client_id: the client of the user pool.
        secrets: the session key and the stage's secrets, by the name of their variable.
    """
    return {
        "ENVIRONMENT": settings.environment,
        "DYNAMODB_TABLE_NAME": table_name,
        "COGNITO_USER_POOL_ID": user_pool_id,
        "COGNITO_CLIENT_ID": client_id,
        "CORS_ORIGINS": ",".join(settings.cors_origins),
        "LOG_LEVEL": settings.log_level,
        "COUNTER_SHARDS": str(settings.counter_shards),
        **secrets,
    }


def check_environment(
    variables: Mapping[str, object], schema: "type[BaseSettings] | None" = None
) -> None:
    """Compare the function's variables with the backend's `Settings`, the class to read them.

    Every variable needed by the class must be present, and no other. Each value must be `UNKNOWN`
    or a valid string. This process's environment and dotenv files do not count.

    Raises:
        ContractError: with the name of every variable that does not fit.
    """
    schema = schema or _backend_settings()
    problems = [
        *_misfits(variables, schema),
        *_invalid(variables, schema),
        *_oversize(variables),
    ]
    if problems:
        raise ContractError(
            "The function's environment does not fit backend/src/config.py: " + "; ".join(problems)
        )


def check_contract(settings: "StageSettings") -> None:
    """Compare a stage's environment with the backend.

    The values of secrets and the outputs of resources count as unknown.

    Raises:
        ContractError: with the name of each variable that does not fit.
    """
    for name in settings.secrets:
        check_secret_name(name)
    check_environment(
        function_environment(
            settings,
            table_name=UNKNOWN,
            user_pool_id=UNKNOWN,
            client_id=UNKNOWN,
            secrets=dict.fromkeys((SESSION_KEY, *settings.secrets), UNKNOWN),
        )
    )


def secret_variables(schema: "type[BaseSettings] | None" = None) -> dict[str, bool]:
    """Return the variables that a stage must keep as secrets, and True for a required one.

    They are the `SecretStr` fields of the backend's `Settings`, except the session key.
    """
    fields = (schema or _backend_settings()).model_fields.items()
    found = {name.upper(): each.is_required() for name, each in fields if _is_secret(each)}
    return {name: is_required for name, is_required in found.items() if name != SESSION_KEY}


def check_secret_name(name: str, schema: "type[BaseSettings] | None" = None) -> None:
    """Refuse a secret that the backend does not read.

    Raises:
        ContractError: with the nearest name of a secret.
    """
    known = secret_variables(schema)
    if name not in known:
        meant = nearest(name, list(known))
        hint = f"did you mean {meant}?" if meant else f"add {name.lower()}: SecretStr there first."
        raise ContractError(f"{name} is not a secret of Settings in backend/src/config.py: {hint}")


def check_secret(name: str, value: str, schema: "type[BaseSettings] | None" = None) -> None:
    """Refuse a value that the backend's `Settings` would refuse.

    Raises:
        ContractError: with the reason, without the value.
    """
    if problems := _invalid({name: value}, schema or _backend_settings()):
        raise ContractError(f"The value does not fit backend/src/config.py: {'; '.join(problems)}")


def _is_secret(field: "FieldInfo") -> bool:
    from pydantic import SecretStr  # noqa: PLC0415 - only a check needs it

    return SecretStr in (field.annotation, *get_args(field.annotation))


def _backend_settings() -> "type[BaseSettings]":
    from src.config import Settings  # noqa: PLC0415 - only a check needs the backend

    return Settings


def _misfits(variables: Mapping[str, object], schema: "type[BaseSettings]") -> list[str]:
    fields = {name.upper(): field for name, field in schema.model_fields.items()}
    required = {name for name, field in fields.items() if field.is_required()}
    left_over = set(variables) - set(fields) - _SET_BY_LAMBDA
    no_strings = (name for name, value in variables.items() if not isinstance(value, str))
    return [
        *(
            f"{name} is missing{_how_to_set(name, schema)}"
            for name in sorted(required - set(variables) - _SET_BY_LAMBDA)
        ),
        *(f"{name} is not a field of Settings" for name in sorted(left_over)),
        *(
            f"{name} must not be set: Lambda sets it"
            for name in sorted(_SET_BY_LAMBDA & set(variables))
        ),
        *(f"{name} is not a string" for name in no_strings),
    ]


def _how_to_set(name: str, schema: "type[BaseSettings]") -> str:
    """Return the end of a message about a missing variable."""
    if name not in secret_variables(schema):
        return ""
    return f" (set it with portfolio secret set {name} --stack STAGE)"


def _invalid(variables: Mapping[str, object], schema: "type[BaseSettings]") -> list[str]:
    from pydantic import ValidationError  # noqa: PLC0415 - only a check needs it

    known = {
        name: value
        for name, value in variables.items()
        if isinstance(value, str) and value != UNKNOWN
    }
    try:
        _only_from(LAMBDAS_OWN | known, schema).model_validate({})
    except ValidationError as error:
        problems = [
            (str(details["loc"][0]).upper() if details["loc"] else schema.__name__, details["msg"])
            for details in error.errors(include_input=False)
        ]
        # Absent variables are reported as missing by _misfits, or are unknown yet.
        told = {*known, schema.__name__}
        return [f"{name}: {reason}" for name, reason in problems if name in told]
    return []


def _only_from(values: Mapping[str, str], schema: "type[BaseSettings]") -> "type[BaseSettings]":
    """Return the class with these values as its only source."""
    from pydantic_settings import EnvSettingsSource  # noqa: PLC0415 - only a check needs it

    class Environment(EnvSettingsSource):
        @override
        def _load_env_vars(self) -> Mapping[str, str | None]:
            return {name.lower(): value for name, value in values.items()}

    class Checked(schema):
        @classmethod
        @override
        def settings_customise_sources(
            cls, settings_cls: "type[BaseSettings]", *_args: Any, **_kwargs: Any
        ) -> "tuple[PydanticBaseSettingsSource, ...]":
            return (Environment(settings_cls),)

    return Checked


def _oversize(variables: Mapping[str, object]) -> list[str]:
    size = len(json.dumps(variables, separators=(",", ":"), default=str).encode())
    return [f"it takes {size} bytes; Lambda allows {_LIMIT}"] if size > _LIMIT else []
