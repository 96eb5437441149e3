"""`infra/__main__.py` as `pulumi up` runs it."""

import os
from pathlib import Path

import pytest

import src.config
from infra.paths import PROJECT, ROOT
from infra.settings.files import stage_config
from portfolio.local.emulator import Emulator
from tests.infra.language_host import Hosted, host

OUTPUTS = [
    "api_url",
    "function_name",
    "live_version",
    "table_name",
    "user_pool_id",
    "user_pool_client_id",
    "log_group",
    "access_log_group",
]
DEVELOPMENT = "111111111111"
"""The account that Pulumi.dev.yaml allows; to the emulator, an access key of its own too."""


@pytest.fixture
def as_developer(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Credentials of the development account, of which the emulator is asked."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", DEVELOPMENT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", emulator.endpoint)
    return monkeypatch


@pytest.mark.usefixtures("as_developer", "real_package")
def test_a_stage_is_deployed_and_its_outputs_exported() -> None:
    # The zip is the same either way, and not every machine has containers.
    hosted = host(ROOT / "infra", "dev", stage_config("dev") | {f"{PROJECT}:packageEngine": "host"})
    assert hosted.error == ""
    assert hosted.exported == OUTPUTS
    assert hosted.registered > len(OUTPUTS)


def test_bad_settings_are_one_message_before_anything_is_made() -> None:
    bad = {f"{PROJECT}:memory": "64", f"{PROJECT}:memmory": "1"}
    hosted = host(ROOT / "infra", "dev", stage_config("dev") | bad)
    assert hosted.error.splitlines() == [
        "The settings of stack dev are wrong:",
        "  memory = 64: must be at least 128",
        "  memmory is not a setting: did you mean memory?",
    ]
    assert (hosted.registered, hosted.exported) == (0, [])


def test_another_account_is_one_message_before_anything_is_made(
    as_developer: pytest.MonkeyPatch,
) -> None:
    as_developer.setenv("AWS_ACCESS_KEY_ID", "222222222222")
    hosted = host(ROOT / "infra", "dev", stage_config("dev"))
    told = "The AWS credentials belong to account 222222222222, but allowedAccounts of "
    assert hosted.error.startswith(told)
    assert hosted == Hosted(0, [], hosted.error)
    assert len(hosted.error.splitlines()) == 1


class NeedsMore(src.config.Settings):
    """A backend that needs one setting more."""

    feature_limit: int


def test_a_backend_that_needs_more_is_one_message_before_aws_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setattr(src.config, "Settings", NeedsMore)
    hosted = host(ROOT / "infra", "dev", stage_config("dev"))
    told = "The function's environment does not fit backend/src/config.py: FEATURE_LIMIT is missing"
    assert hosted == Hosted(0, [], told)


def test_modules_of_a_users_pythonpath_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT / "backend")]))
    for folder in ("infra", "infra/bootstrap"):
        assert host(ROOT / folder, "dev", stage_config("dev")).error == (
            f"PYTHONPATH has {tmp_path}, and its modules come before those of this project: "
            "unset PYTHONPATH, then try again."
        )


def test_the_traceback_of_a_bug_is_printable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("a text \x1b[2J")

    monkeypatch.setattr("infra.deployment.load_settings", fail)
    error = host(ROOT / "infra", "dev", {}).error
    assert error.startswith("Traceback (most recent call last):")
    assert error.endswith("ValueError: a text \\x1b[2J\n")
