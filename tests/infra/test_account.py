"""Whose credentials a deployment has, as STS tells it, before anything is made."""

from pathlib import Path

import pytest

from infra.account import check_account
from infra.errors import AccountError
from infra.settings import StageSettings, load_stage_settings
from portfolio.local.emulator import ACCESS_KEY, ACCOUNT_ID, Emulator


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, emulator: Emulator, tmp_path: Path) -> Path:
    """A machine without credentials, whose STS is the emulator's."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", emulator.endpoint)
    return tmp_path


def use_keys(monkeypatch: pytest.MonkeyPatch, key: str = ACCESS_KEY) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ACCESS_KEY)


def settings(**changes: object) -> StageSettings:
    return load_stage_settings("dev").model_copy(update=changes)


def refusal(stage: StageSettings) -> str:
    with pytest.raises(AccountError) as failure:
        check_account(stage)
    message = str(failure.value)
    assert len(message.splitlines()) == 1
    return message


def test_an_allowed_account_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(monkeypatch)
    check_account(settings(allowed_accounts=("111111111111", ACCOUNT_ID)))


def test_another_account_is_told_with_those_that_are_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use_keys(monkeypatch)
    assert refusal(settings(allowed_accounts=("111111111111", "222222222222"))) == (
        "The AWS credentials belong to account 000000000000, but allowedAccounts of the "
        "environment development lists 111111111111 or 222222222222: "
        "use another profile (AWS_PROFILE)."
    )


def test_no_credentials_are_told_with_what_to_do() -> None:
    assert refusal(settings()).startswith("AWS credentials are missing: set AWS_PROFILE")


def test_the_profile_of_the_stages_file_is_the_one_asked_about(no_credentials: Path) -> None:
    credentials = "[portfolio]\naws_access_key_id = 222222222222\naws_secret_access_key = test\n"
    (no_credentials / "credentials").write_text(credentials)
    check_account(settings(profile="portfolio", allowed_accounts=("222222222222",)))
    assert "to account 222222222222," in refusal(settings(profile="portfolio"))


def test_a_profile_that_does_not_exist_is_told() -> None:
    assert "profile (portfolio) could not be found" in refusal(settings(profile="portfolio"))


def test_credentials_that_aws_refuses_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(monkeypatch, "AKIAUNKNOWN")
    assert refusal(settings()).startswith(
        "The AWS credentials are not accepted: GetCallerIdentity: "
    )


def test_an_aws_that_cannot_be_reached_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    use_keys(monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    assert "Could not connect to the endpoint" in refusal(settings())
