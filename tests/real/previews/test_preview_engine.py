"""What the engine gets of the shared file, and what is told where it fails."""

from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.emulator import ACCESS_KEY, Emulator
from tests.real.previews.preview_account import PreviewAccount

LEADING_ZERO = "012345678912"
"""Not all of its digits are octal: unquoted, the engine's YAML takes it for a fraction."""

OUTLASTING = """
import os, signal, time
from pathlib import Path

import pulumi
from pulumi import automation

from infra.automation import open_workspace
from infra.errors import StackError

def program():
    for children in Path("/proc/self/task").glob("*/children"):
        for engine in children.read_text().split():
            os.kill(int(engine), signal.SIGKILL)
    time.sleep(0.5)
    pulumi.log.info("The engine is gone.")

try:
    with open_workspace("pr-7") as workspace:
        stack = automation.Stack.create_or_select("pr-7", workspace)
        stack.up(program=program, color="never")
except StackError as error:
    print(error)
"""


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_an_account_that_begins_with_zero_stays_a_text(own_account: PreviewAccount) -> None:
    file = own_account.checkout / "Pulumi.preview.yaml"
    replace(file, f"'{own_account.account.id}'", f'"{LEADING_ZERO}"')
    own_account.account.id = LEADING_ZERO
    own_account.portfolio("up", "7", AWS_ACCESS_KEY_ID=LEADING_ZERO)
    assert own_account.environments == {"pr-7"}


def test_secrets_are_encrypted_with_the_key_that_the_shared_file_names(
    own_account: PreviewAccount, emulator: Emulator
) -> None:
    session: Any = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name="us-east-1")
    key = session.client("kms", endpoint_url=emulator.endpoint).create_key()["KeyMetadata"]["KeyId"]
    file = own_account.checkout / "Pulumi.preview.yaml"
    provider = f"awskms:///{key}?region=us-east-1"
    file.write_text(f"secretsprovider: {provider}\n{file.read_text()}")
    portfolio = partial(own_account.portfolio, PULUMI_CONFIG_PASSPHRASE=None)
    portfolio("up", "7")
    assert own_account.secrets_provider("pr-7") == provider
    assert "Nothing changed." in portfolio("up", "7").summary
    assert portfolio("list").told.startswith("pr-7 ")
    assert "pr-7 is gone." in portfolio("down", "7", "--wait", "0").told
    assert (own_account.account.resources, own_account.stacks) == ([], set())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<<<<<<< HEAD\nconfig: {}\n=======\n", "line 2: mapping values are not allowed here"),
        ("# K\u00f6ln\nconfig: {}\n".encode("latin-1"), "it is no plain text in UTF-8"),
    ],
)
@pytest.mark.parametrize("arguments", [["list"], ["sweep", "--open", "none"]])
def test_a_shared_file_that_cannot_be_read_is_told_in_a_line(
    own_account: PreviewAccount, arguments: list[str], content: bytes, reason: str
) -> None:
    (own_account.checkout / "Pulumi.preview.yaml").write_bytes(content)
    told = own_account.portfolio(*arguments, code=1).told
    file = own_account.checkout / "Pulumi.preview.yaml"
    assert told == f"error: {file} cannot be read: {reason}"


def test_without_a_place_for_the_state_it_says_how_to_name_one(empty: PreviewAccount) -> None:
    assert empty.portfolio("list", code=1, PULUMI_BACKEND_URL=None).told == (
        "error: The engine is not told where the stacks' state is: "
        "set PULUMI_BACKEND_URL (docs/bootstrap.md)."
    )


def test_the_engines_own_reason_stands_alone(empty: PreviewAccount, tmp_path: Path) -> None:
    nowhere = f"file://{tmp_path / 'nowhere'}"
    finished = empty.portfolio("down", "7", code=1, PULUMI_BACKEND_URL=nowhere)
    reason = f'error: pr-7: unable to open state directory "{nowhere}": stat '
    assert finished.told.startswith(reason)
    assert "Its stack stays" not in finished.told


def test_a_program_that_outlasts_its_engine_ends_without_a_traceback(
    empty: PreviewAccount,
) -> None:
    told = empty.python(OUTLASTING)
    assert told == "pr-7: the engine ended with code -9: Updating (pr-7):\n"
