"""The function's environment and the backend's `Settings` agree, or nothing is made."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest
from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from infra.contract.environment import (
    SESSION_KEY,
    UNKNOWN,
    check_environment,
    function_environment,
)
from infra.deployment import placeholder_environment, prepare
from infra.errors import ContractError
from infra.paths import PROJECT, ROOT
from infra.settings import load_stage_settings, parse_settings
from infra.settings.files import stage_config
from src.config import Settings


def variables() -> dict[str, str]:
    built = function_environment(
        parse_settings(stage_config("prod")),
        table_name=f"production-{PROJECT}-table",
        user_pool_id="us-east-1_AbCdEf123",
        client_id="client",
        secrets={SESSION_KEY: "k" * 48},
    )
    return {name: str(value) for name, value in built.items()}


def test_what_the_program_sets_fits() -> None:
    check_environment(variables())


def test_values_unknown_before_the_first_deployment_count_as_present() -> None:
    unknown = dict.fromkeys(
        ("DYNAMODB_TABLE_NAME", "COGNITO_USER_POOL_ID", "COGNITO_CLIENT_ID", "SESSION_KEY"), UNKNOWN
    )
    check_environment(variables() | unknown)


@pytest.mark.parametrize("name", sorted(variables()))
def test_a_missing_variable_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, variables()[name])
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    rest = {key: value for key, value in variables().items() if key != name}
    with pytest.raises(ContractError, match=f"{name} is missing"):
        check_environment(rest)


def test_a_variable_that_nothing_reads_is_named() -> None:
    with pytest.raises(ContractError, match="TABLE_NAME is not a field of Settings"):
        check_environment(variables() | {"TABLE_NAME": "x"})


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID"])
def test_a_variable_that_lambda_sets_may_not_be_set(name: str) -> None:
    with pytest.raises(ContractError, match=rf"py: {name} must not be set: Lambda sets it$"):
        check_environment(variables() | {name: "us-east-1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("COGNITO_USER_POOL_ID", "no pool"),
        ("SESSION_KEY", "short"),
        ("ENVIRONMENT", "Not A Name"),
    ],
)
def test_a_value_of_the_wrong_type_is_named_and_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, variables()[name])
    with pytest.raises(ContractError, match=f"{name}: ") as failure:
        check_environment(variables() | {name: value})
    assert value not in str(failure.value).replace("LOUD", "")


@pytest.mark.parametrize("value", [None, 512, True])
def test_a_value_that_is_no_string_is_named(value: object) -> None:
    with pytest.raises(ContractError, match="COGNITO_CLIENT_ID is not a string"):
        check_environment(variables() | {"COGNITO_CLIENT_ID": value})


def test_every_problem_is_told_at_once() -> None:
    wrong = variables() | {"LOG_LEVEL": "LOUD", "EXTRA": "1"}
    del wrong["CORS_ORIGINS"]
    with pytest.raises(ContractError) as failure:
        check_environment(wrong)
    for name in ("LOG_LEVEL", "EXTRA", "CORS_ORIGINS"):
        assert name in str(failure.value)


class NeedsMore(Settings):
    """A backend that needs one setting more."""

    feature_limit: int = Field(ge=1)


def test_a_field_added_to_settings_is_missed() -> None:
    with pytest.raises(ContractError, match="FEATURE_LIMIT is missing"):
        check_environment(variables(), NeedsMore)
    check_environment(variables() | {"FEATURE_LIMIT": "3"}, NeedsMore)
    with pytest.raises(ContractError, match="FEATURE_LIMIT: "):
        check_environment(variables() | {"FEATURE_LIMIT": "many"}, NeedsMore)


class NeedsList(Settings):
    """A backend with a list that pydantic-settings would read as JSON."""

    languages: list[str]


def test_a_value_that_cannot_even_be_read_is_named() -> None:
    check_environment(variables() | {"LANGUAGES": '["en", "sw"]'}, NeedsList)
    with pytest.raises(ContractError, match='"languages"'):
        check_environment(variables() | {"LANGUAGES": "en,sw"}, NeedsList)


class NeedsAgreement(Settings):
    """A backend whose settings have to go together."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.is_production and self.log_level == "DEBUG":
            raise ValueError("production does not log at DEBUG")
        return self


def test_settings_that_do_not_go_together_are_told() -> None:
    check_environment(variables(), NeedsAgreement)
    with pytest.raises(ContractError, match=r"NeedsAgreement: .*does not log at DEBUG"):
        check_environment(variables() | {"LOG_LEVEL": "DEBUG"}, NeedsAgreement)


class ReadsDotenv(Settings):
    """A backend that would take its settings from a file too."""

    model_config = SettingsConfigDict(env_file=".env")


def test_a_dotenv_file_fills_no_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("COGNITO_CLIENT_ID=client\n")
    monkeypatch.chdir(tmp_path)
    rest = variables()
    del rest["COGNITO_CLIENT_ID"]
    with pytest.raises(ContractError, match="COGNITO_CLIENT_ID is missing"):
        check_environment(rest, ReadsDotenv)


def size(values: dict[str, str]) -> int:
    return len(json.dumps(values, separators=(",", ":")))


def test_it_all_has_to_fit_into_four_kilobytes() -> None:
    largest = variables()
    largest["COGNITO_CLIENT_ID"] += "x" * (4096 - size(largest))
    check_environment(largest)
    largest["COGNITO_CLIENT_ID"] += "x"
    with pytest.raises(ContractError, match="4097 bytes; Lambda allows 4096"):
        check_environment(largest)


def test_a_placeholder_environment_would_start_the_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in placeholder_environment().items():
        monkeypatch.setenv(name, value)
    settings = Settings.model_validate({})
    assert settings.environment == "placeholder"
    assert settings.cors_origins == ("https://placeholder.example",)


def test_a_zip_is_tried_without_any_stages_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "infra", tmp_path / "infra")
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    code = "from infra.deployment import placeholder_environment as of; print(of()['ENVIRONMENT'])"
    command = [sys.executable, "-c", code]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (finished.stdout, finished.stderr) == ("placeholder\n", "")


def test_a_deployment_fails_by_name_before_aws_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    unfit = load_stage_settings("prod").model_copy(update={"log_level": "LOUD"})
    with pytest.raises(ContractError, match="LOG_LEVEL: "):
        prepare(unfit, print)
