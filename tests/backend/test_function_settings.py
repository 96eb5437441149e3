"""The function's settings: each is read from its environment variable, or refused by name."""

import traceback
from typing import TYPE_CHECKING, Final

import pytest
from pydantic import ValidationError

from src.config import Settings
from tests.backend.lambda_handler import fail_to_start, handler_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET: Final = "swordfish"
WRONG: Final[dict[str, str]] = {
    "ENVIRONMENT": "Swordfish swordfish",
    "AWS_REGION": "",
    "DYNAMODB_TABLE_NAME": "sw",
    "COGNITO_USER_POOL_ID": "swordfish swordfish",
    "COGNITO_CLIENT_ID": "",
    "LOG_LEVEL": "swordfish",
    "SESSION_KEY": "swordfish",
}
REQUIRED: Final = sorted({*WRONG, "CORS_ORIGINS"})


@pytest.fixture
def variables(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Valid variables, each with `swordfish` where its form allows."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    valid = {
        **handler_environment(settings),
        "ENVIRONMENT": "swordfish",
        "AWS_REGION": "swordfish",
        "DYNAMODB_TABLE_NAME": "swordfish",
        "COGNITO_USER_POOL_ID": "swordfish_1",
        "COGNITO_CLIENT_ID": "swordfish",
        "CORS_ORIGINS": "https://swordfish.example",
        "SESSION_KEY": "swordfish" * 5,
    }
    return {name.upper(): valid[name.upper()] for name in Settings.model_fields}


def read(variables: "Mapping[str, str]", monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings.model_validate({})


def assert_refused(
    variables: "Mapping[str, str]", name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check that the settings are refused by this name alone, and that no value is shown."""
    with pytest.raises(ValidationError) as caught:
        read(variables, monkeypatch)
    assert {error["loc"][0] for error in caught.value.errors()} == {name.lower()}
    shown = "".join([*traceback.format_exception(caught.value), repr(caught.value)])
    assert name.lower() in shown
    assert SECRET not in shown


def test_valid_variables_are_read(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read(variables, monkeypatch)
    assert settings.session_key.get_secret_value() == SECRET * 5
    assert SECRET * 2 not in repr(settings)


def test_every_required_variable_is_tested() -> None:
    fields = Settings.model_fields.items()
    assert [name.upper() for name, field in sorted(fields) if field.is_required()] == REQUIRED


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named_without_the_values_of_the_others(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    del variables[name]
    assert_refused(variables, name, monkeypatch)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_variable_is_named_without_its_value(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert_refused(variables | {name: WRONG[name]}, name, monkeypatch)


def test_a_function_that_cannot_start_logs_no_value(variables: dict[str, str]) -> None:
    del variables["DYNAMODB_TABLE_NAME"]
    log = fail_to_start(variables)
    assert "dynamodb_table_name" in log
    assert SECRET not in log
