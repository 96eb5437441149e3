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
    "CORS_ORIGINS": "swordfish",
    "LOG_LEVEL": "swordfish",
    "COUNTER_SHARDS": "swordfish",
    "SESSION_KEY": "swordfish",
}
REQUIRED: Final = sorted(WRONG)


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


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("https://a.example", ("https://a.example",)),
        ("https://a.example,http://b:8080", ("https://a.example", "http://b:8080")),
        ("https://a.example, https://b.example", ("https://a.example", "https://b.example")),
        (" https://a.example ,\n https://b.example ", ("https://a.example", "https://b.example")),
        ("http://127.0.0.1:5173", ("http://127.0.0.1:5173",)),
        ("*", ("*",)),
    ],
)
def test_origins_are_separated_by_commas_and_may_have_blanks_between(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, text: str, origins: tuple[str, ...]
) -> None:
    assert read(variables | {"CORS_ORIGINS": text}, monkeypatch).cors_origins == origins


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ",", "https://a.example,", "https://a.example,,https://b.example"),
        *("https://a.example/", "https://a.example/path", "https://a.example https://b.example"),
        *('["https://a.example"]', "['https://a.example']", '"https://a.example"'),
        *("a.example", "//a.example", "ftp://a.example", "https://", "null", "https://*.a.example"),
        *("https://A.example", "HTTPS://a.example", "https://user@a.example", "https://ä.example"),
        *("https://a.example:443", "http://a.example:80", "https://a.example:", "https://a:0"),
        *("https://a.example;https://b.example", "https://a.example?x", "https://a.example#x"),
    ],
)
def test_texts_that_are_not_exact_origins_are_refused(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with pytest.raises(ValidationError, match="cors_origins") as caught:
        read(variables | {"CORS_ORIGINS": text}, monkeypatch)
    assert {error["loc"][0] for error in caught.value.errors()} == {"cors_origins"}
