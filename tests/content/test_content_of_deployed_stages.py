"""`portfolio content` for stages in AWS: their tables, without Pulumi's CLI and state."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from infra.settings import load_stage_settings
from tests.backend.content_checks import read_table
from tests.backend.dynamodb_tables import create_table
from tests.commands import Result, run_command
from tests.content.content_files import file_of, made_up_records

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from portfolio.local.emulator import Emulator
    from src.repositories.table import Item, Key

FILE = file_of(made_up_records(3))


@dataclass(frozen=True)
class Account:
    """A stage's account on the emulator; an access key names it."""

    number: str
    endpoint: str
    folder: Path

    def run(self, *arguments: str, code: int = 0) -> Result:
        """Run `portfolio content` with the account's credentials and without `pulumi` on PATH."""
        finished = run_command("content", *arguments, env=self.variables)
        assert finished.code == code, finished
        return finished

    @property
    def variables(self) -> dict[str, str | None]:
        """The environment of a command."""
        return {
            "AWS_ACCESS_KEY_ID": self.number,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_PROFILE": None,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_SESSION_TOKEN": None,
            "NO_PROXY": "127.0.0.1,localhost",
            "PATH": str(self.folder),
        }

    def table_of(self, stack: str) -> "dict[Key, Item]":
        """Return everything in a stage's table."""
        return read_table(self._dynamodb, load_stage_settings(stack).table_name)

    @property
    def _dynamodb(self) -> "DynamoDBClient":
        session = boto3.Session(self.number, "test", region_name="us-east-1")
        return session.client("dynamodb", endpoint_url=self.endpoint, config=Config(proxies={}))

    @contextmanager
    def tables_of(self, *stacks: str) -> Generator[None]:
        """Make the tables of stages."""
        dynamodb = self._dynamodb
        names = [load_stage_settings(stack).table_name for stack in stacks]
        for name in names:
            # The emulator is shared: a test of adoption may have left this stage's table.
            with suppress(dynamodb.exceptions.ResourceNotFoundException):
                dynamodb.delete_table(TableName=name)
            create_table(dynamodb, name)
        yield
        for name in names:
            dynamodb.delete_table(TableName=name)


def account_of(stack: str, emulator: "Emulator", folder: Path) -> Account:
    (number, *_) = load_stage_settings(stack).allowed_accounts
    return Account(number, emulator.endpoint, folder)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "backup.jsonl"
    path.write_bytes(FILE)
    return path


def test_a_preview_gets_the_content_of_dev_by_one_command(emulator: "Emulator", file: Path) -> None:
    account = account_of("dev", emulator, file.parent)
    with account.tables_of("dev", "pr-12"):
        account.run("import", str(file), "--stack", "dev")
        copy = ("copy", "--from", "dev", "--stack", "pr-12")
        assert account.run(*copy, "--dry-run").out.endswith(
            "pr-12: nothing was written (dry run)\n"
        )
        copied = account.run(*copy)
        assert copied.err == "dev: 9 items exported\n"
        assert copied.out.endswith("pr-12: 9 items imported\n")
        account.run("export", str(file), "--stack", "pr-12")
        assert file.read_bytes() == FILE
        refused = account.run("copy", "--from", "dev", "--stack", "dev", code=2)
        assert "dev cannot be copied to itself." in refused.err


def test_production_changes_only_with_yes(emulator: "Emulator", file: Path) -> None:
    account = account_of("prod", emulator, file.parent)
    with account.tables_of("prod"):
        write = ("import", str(file), "--stack", "prod")
        refused = (
            "error: prod is production, and its content would change: try --dry-run, "
            "then pass --yes.\n"
        )
        assert account.run(*write, code=1).err == refused
        assert account.run("copy", "--from", "dev", "--stack", "prod", code=1).err == refused
        account.run(*write, "--dry-run")
        account.run(*write, "--yes")


def test_another_account_and_a_missing_table_are_named(emulator: "Emulator", file: Path) -> None:
    account = account_of("dev", emulator, file.parent)
    missing = account.run("export", str(file), "--stack", "dev", code=1)
    assert missing.err.startswith("error: dev: AWS does not find the resource: Query: ")
    other = Account("222222222222", emulator.endpoint, file.parent)
    refused = other.run("export", str(file), "--stack", "dev", code=1)
    assert "The AWS credentials belong to account 222222222222" in refused.err
