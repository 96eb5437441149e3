"""`portfolio preview`: what it refuses, before it asks the Pulumi engine for anything."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.commands import run_command

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator

OTHER_ACCOUNT = "999999999999"


def refusal_of(*arguments: str, code: int, **variables: str) -> str:
    """What is printed, without the frame of an error in the options."""
    finished = run_command("preview", *arguments, env=variables)
    assert finished.code == code, finished.printed
    return re.sub(r"[\s│╭╮╰╯─]+", " ", finished.printed)


def credentials(emulator: "Emulator", account: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": emulator.endpoint,
    }


@pytest.mark.parametrize("command", ["up", "down"])
def test_another_account_is_refused(emulator: "Emulator", command: str) -> None:
    told = refusal_of(command, "12", code=1, **credentials(emulator, OTHER_ACCOUNT))
    assert f"belong to account {OTHER_ACCOUNT}" in told


@pytest.mark.parametrize("number", ["0", "-3", "dev", "10000000000"])
def test_what_is_no_pull_request_is_refused(number: str) -> None:
    assert "NUMBER" in refusal_of("up", "--", number, code=2)


def test_a_folder_for_the_summary_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "nodir" / "summary.md"
    told = refusal_of("up", "7", "--summary", str(file), code=2)
    assert "is not a folder with write permission." in told


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        *((value, "is empty, so every preview would be deleted") for value in ("", " ")),
        *((value, "is not a list of numbers like 12,15") for value in (",", "12,", "12;13", "all")),
    ],
)
def test_a_list_that_may_be_a_search_that_failed_is_refused(value: str, reason: str) -> None:
    assert reason in refusal_of("sweep", "--open", value, code=2)


def test_a_time_that_is_none_is_refused() -> None:
    told = refusal_of("sweep", "--open", "12", "--idle", "soon", code=2)
    assert "is not a time like 12h or 7d" in told


def test_without_pulumi_it_says_to_install_it(tmp_path: Path) -> None:
    told = refusal_of("list", code=1, PATH=str(tmp_path))
    assert told.startswith("error: pulumi is not on PATH: install it ")
