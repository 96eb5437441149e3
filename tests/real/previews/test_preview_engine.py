"""What the engine gets of the shared file, and what is told where it fails."""

from pathlib import Path
from typing import Any

import boto3

from portfolio.local.emulator import ACCESS_KEY, Emulator
from tests.real.previews.preview_account import PreviewAccount

LEADING_ZERO = "012345678912"
"""Not all of its digits are octal: unquoted, the engine's YAML takes it for a fraction."""

OUTLASTING = """
import os, signal, time
from pathlib import Path

import pulumi
from pulumi import automation

from portfolio.engine.workspace import open_workspace
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


def test_the_engine_takes_account_and_key_as_the_shared_file_has_them(
    empty: PreviewAccount, own_checkout: Path, emulator: Emulator
) -> None:
    session: Any = boto3.Session(LEADING_ZERO, ACCESS_KEY, region_name="us-east-1")
    key = session.client("kms", endpoint_url=emulator.endpoint).create_key()["KeyMetadata"]["KeyId"]
    provider = f"awskms:///{key}?region=us-east-1"
    file = own_checkout / "Pulumi.preview.yaml"
    replace(file, f"'{empty.account.id}'", f'"{LEADING_ZERO}"')
    file.write_text(f"secretsprovider: {provider}\n{file.read_text()}")
    empty.account.id = LEADING_ZERO
    variables = {"AWS_ACCESS_KEY_ID": LEADING_ZERO, "PULUMI_CONFIG_PASSPHRASE": None}
    empty.type(own_checkout, "up", "7", variables=variables)
    assert empty.environments == {"pr-7"}
    assert empty.secrets_provider("pr-7") == provider
    told = empty.type(own_checkout, "down", "7", "--wait", "0", variables=variables).printed
    assert "pr-7 is gone." in told
    assert (empty.account.resources, empty.stacks) == ([], set())


def test_without_a_place_for_the_state_it_says_how_to_name_one(empty: PreviewAccount) -> None:
    assert empty.told("list", code=1, PULUMI_BACKEND_URL=None) == (
        "error: Pulumi does not know where the state of the stacks is: "
        "set PULUMI_BACKEND_URL (docs/bootstrap.md)."
    )


def test_the_engines_own_reason_stands_alone(empty: PreviewAccount, tmp_path: Path) -> None:
    nowhere = f"file://{tmp_path / 'nowhere'}"
    told = empty.told("down", "7", code=1, PULUMI_BACKEND_URL=nowhere)
    reason = f'error: pr-7: unable to open state directory "{nowhere}": stat '
    assert told.startswith(reason)
    assert "The stack is kept" not in told


def test_a_program_that_outlasts_its_engine_ends_without_a_traceback(
    empty: PreviewAccount, checkout: Path
) -> None:
    told = empty.python(checkout, OUTLASTING)
    assert told == "pr-7: the engine ended with code -9: Updating (pr-7):\n"
