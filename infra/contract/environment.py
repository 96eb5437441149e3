"""The function's environment, compared with the backend's `Settings` before a deployment."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, override

from infra.errors import ContractError

if TYPE_CHECKING:
    from pulumi import Input
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

_LIMIT: Final = 4096
"""Maximum size of all variables of a function, in bytes of Lambda's JSON (Lambda quotas)."""


def function_environment(
    settings: "StageSettings",
    *,
    table_name: "Input[str]",
    user_pool_id: "Input[str]",
    client_id: "Input[str]",
    session_key: "Input[str]",
) -> "dict[str, Input[str]]":
    """Return the function's environment variables."""
    return {
        "ENVIRONMENT": settings.environment,
        "DYNAMODB_TABLE_NAME": table_name,
        "COGNITO_USER_POOL_ID": user_pool_id,
        "COGNITO_CLIENT_ID": client_id,
        "CORS_ORIGINS": ",".join(settings.cors_origins),
        "LOG_LEVEL": settings.log_level,
        "SESSION_KEY": session_key,
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
    """Compare a stage's environment with the backend; resources' outputs count as unknown.

    Raises:
        ContractError: with the name of each variable that does not fit.
    """
    check_environment(
        function_environment(
            settings,
            table_name=UNKNOWN,
            user_pool_id=UNKNOWN,
            client_id=UNKNOWN,
            session_key=UNKNOWN,
        )
    )


def _backend_settings() -> "type[BaseSettings]":
    from src.config import Settings  # noqa: PLC0415 - only a check needs the backend

    return Settings


def _misfits(variables: Mapping[str, object], schema: "type[BaseSettings]") -> list[str]:
    fields = {name.upper(): field for name, field in schema.model_fields.items()}
    required = {name for name, field in fields.items() if field.is_required()}
    left_over = set(variables) - set(fields) - _SET_BY_LAMBDA
    no_strings = (name for name, value in variables.items() if not isinstance(value, str))
    return [
        *(f"{name} is missing" for name in sorted(required - set(variables) - _SET_BY_LAMBDA)),
        *(f"{name} is not a field of Settings" for name in sorted(left_over)),
        *(
            f"{name} must not be set: Lambda sets it"
            for name in sorted(_SET_BY_LAMBDA & set(variables))
        ),
        *(f"{name} is not a string" for name in no_strings),
    ]


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
