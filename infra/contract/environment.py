"""The function's environment, held against the backend's `Settings` before anything is made."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, override

from infra.errors import ContractError

if TYPE_CHECKING:
    from pulumi import Input
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

    from infra.settings import StageSettings

UNKNOWN: Final = "\0unknown"
"""Stands for a value that is not known before its resource exists."""

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
"""What Lambda sets and a function's configuration may not (Lambda's reserved variables);
the endpoint is set by the emulator alone."""

LAMBDAS_OWN: Final = {"AWS_REGION": "us-east-1"}
"""What Lambda would set of what the backend reads."""

_LIMIT: Final = 4096
"""Bytes that all of a function's variables may take together, as the JSON object that Lambda
measures (Lambda quotas)."""


def function_environment(
    settings: "StageSettings",
    *,
    table_name: "Input[str]",
    user_pool_id: "Input[str]",
    client_id: "Input[str]",
    session_key: "Input[str]",
) -> "dict[str, Input[str]]":
    """The variables that the function is configured with."""
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
    """Hold the function's variables against the class that reads them, the backend's `Settings`.

    Every variable the class needs is there, none is left over, and each value is `UNKNOWN` or
    a string that parses; neither this process's own environment nor a dotenv file fills a gap.

    Raises:
        ContractError: naming every variable that does not fit.
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
    """Hold the function's environment against the backend, as far as it is known yet.

    Raises:
        ContractError: naming each variable that does not fit.
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
        *(f"{name} is read by nothing" for name in sorted(left_over)),
        *(f"{name} is set by Lambda itself" for name in sorted(_SET_BY_LAMBDA & set(variables))),
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
        # What is absent counts as missing elsewhere, or as unknown yet.
        told = {*known, schema.__name__}
        return [f"{name}: {reason}" for name, reason in problems if name in told]
    return []


def _only_from(values: Mapping[str, str], schema: "type[BaseSettings]") -> "type[BaseSettings]":
    """The class, reading its environment from these values alone."""
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
    return [f"it takes {size} bytes of the {_LIMIT} Lambda allows"] if size > _LIMIT else []
