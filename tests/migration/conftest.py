"""A stage with an empty table on the emulator, and an old table beside it."""

import json
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
from botocore.config import Config

from portfolio.local.emulator import ACCESS_KEY, Emulator, free_port
from portfolio.local.running_stages import RunningStage, announce
from src.app import create_app
from tests.backend.accounts import UserPool, bearer, create_user_pool, id_token
from tests.backend.app_client import connect
from tests.backend.app_settings import REGION, function_credentials, make_settings
from tests.backend.content_checks import read_table
from tests.backend.dynamodb_tables import create_table
from tests.commands import Result, run_command
from tests.migration.old_items import OldTableContent, make_content, put_items

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from src.repositories.table import Item, Key


@dataclass(frozen=True)
class Migration:
    """A stage for `portfolio migrate`, its old table, and its API."""

    dynamodb: "DynamoDBClient"
    old: str
    new: str
    """Names of the tables."""

    options: tuple[str, ...]
    """The options for the stage and its old table."""

    api: httpx.Client
    owner: dict[str, str]
    """Headers of the owner."""

    folder: Path

    def run(self, *arguments: str, code: int = 0) -> Result:
        """Run the command, and check its exit code."""
        result = run_command("migrate", *self.options, *arguments)
        assert result.code == code, result.printed
        return result

    def report(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run the command, and return its report."""
        file = self.folder / "report.json"
        self.run(*arguments, "--report", str(file), code=code)
        report: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return report

    def fill(self, size: int) -> OldTableContent:
        """Fill the old table with made-up items."""
        content = make_content(size)
        put_items(self.dynamodb, self.old, content.items)
        return content

    def table(self) -> "dict[Key, Item]":
        """Return everything in the stage's table."""
        return read_table(self.dynamodb, self.new)

    def lists(self) -> list[Any]:
        """Return every item of content, as the API serves it to the owner."""
        paths = ("blogs", "projects", "certifications")
        pages = [self.get(f"/{path}?status=all", as_owner=True) for path in paths]
        return [item for page in pages for item in page["items"]]

    def get(self, path: str, *, as_owner: bool = False) -> Any:
        answer = self.api.get(path, headers=self.owner if as_owner else {})
        assert answer.is_success, answer.text
        return answer.json()


@dataclass(frozen=True)
class Account:
    """The emulator's services, and a user pool for all tests."""

    emulator: Emulator
    dynamodb: "DynamoDBClient"
    pool: UserPool
    owner: dict[str, str]


@pytest.fixture(scope="session")
def account(emulator: Emulator) -> Account:
    return open_account(emulator)


def open_account(emulator: Emulator) -> Account:
    """Make a user pool on an emulator."""
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=REGION)
    config, endpoint = Config(proxies={}), emulator.endpoint
    cognito = session.client("cognito-idp", endpoint_url=endpoint, config=config)
    pool = create_user_pool(cognito)
    owner = bearer(id_token(cognito, pool, pool.owner))
    dynamodb = session.client("dynamodb", endpoint_url=endpoint, config=config)
    return Account(emulator, dynamodb, pool, owner)


@contextmanager
def open_migration(account: Account, folder: Path, *, one_table: bool) -> Generator[Migration]:
    """Make the tables and the app, and announce them as a local stage."""
    new = f"new-{uuid.uuid4().hex}"
    old = new if one_table else f"old-{uuid.uuid4().hex}"
    for name in {old, new}:
        create_table(account.dynamodb, name)
    port = free_port()
    running = RunningStage(port, account.emulator.endpoint, REGION, {"table_name": new})
    options = ("--from", old, "--stack", "local", "--port", str(port))
    app = create_app(make_settings(account.emulator, account.pool, new))
    with function_credentials(), announce(running), connect(app) as api:
        yield Migration(account.dynamodb, old, new, options, api, account.owner, folder)
    for name in {old, new}:
        account.dynamodb.delete_table(TableName=name)


@pytest.fixture
def migration(account: Account, tmp_path: Path) -> Iterator[Migration]:
    with open_migration(account, tmp_path, one_table=False) as opened:
        yield opened


@pytest.fixture
def in_one_table(account: Account, tmp_path: Path) -> Iterator[Migration]:
    with open_migration(account, tmp_path, one_table=True) as opened:
        yield opened
