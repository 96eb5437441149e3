"""Commands on data of the emulator: after a signal, the next run completes it."""

import shutil
import time
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from portfolio.local.emulator import Emulator
from tests.backend.content_checks import read_table
from tests.commands import PORTFOLIO
from tests.content.content_files import announced_stage, file_of, made_up_records
from tests.content.test_content_of_deployed_stages import account_of
from tests.migration.carried import check_api, check_report
from tests.migration.conftest import Account, open_account, open_migration
from tests.portfolio.refusing_aws import serve_refusing_aws, variables
from tests.reliability.agreement import assert_content_agrees
from tests.signals.commands import BIN, Case
from tests.signals.trials import Command
from tests.traces.documents import trace_id, warm
from tests.traces.fake_xray import serve_xray

if TYPE_CHECKING:
    from src.repositories.table import Item, Key

STARTED: Final = (shutil.which("env") or "env", "--block-signal=INT", *PORTFOLIO)
"""The command as `bin/portfolio` starts it, in the folder of a checkout."""

_OLD_ITEMS: Final = 60
"""Items of each kind in the old table: their migration takes more than a second."""

_ITEMS: Final = 40
"""Items of each kind in a content file."""


def find_data_cases(emulator: Emulator, folder: Path) -> Iterator[Case]:
    """Yield the commands that read or write tables, traces and users of an account."""
    account, file = open_account(emulator), folder / f"{uuid.uuid4().hex}.jsonl"
    file.write_bytes(file_of(made_up_records(_ITEMS)))
    yield Case("migrate", partial(_migrate, account, folder))
    expected = cache(partial(_import_undisturbed, account, file))
    yield Case("content import", partial(_import, account, file, expected))
    yield Case("content copy", partial(_copy, emulator, file))
    yield Case("adopt", partial(_adopt, emulator, folder))
    yield Case("traces", partial(_traces, folder))
    yield Case("traces --follow", partial(_traces, folder, "--follow", ready=b"Invocation"))


@contextmanager
def _migrate(account: Account, folder: Path) -> Generator[Command]:
    with open_migration(account, folder, one_table=False) as migration:
        content = migration.fill(_OLD_ITEMS)
        yield Command([BIN, "migrate", *migration.options])
        assert_content_agrees(migration.table())
        check_report(migration.report(), content)
        check_api(migration, content)


def _import_undisturbed(account: Account, file: Path) -> "dict[Key, Item]":
    with announced_stage(account.dynamodb, account.emulator) as stage:
        stage.run("import", str(file))
        return read_table(account.dynamodb, stage.table_name)


@contextmanager
def _import(
    account: Account, file: Path, expected: "Callable[[], dict[Key, Item]]"
) -> Generator[Command]:
    with announced_stage(account.dynamodb, account.emulator) as stage:
        options = ("--stack", "local", "--port", str(stage.port))
        yield Command([BIN, "content", "import", str(file), *options])
        assert_content_agrees(read_table(account.dynamodb, stage.table_name))
        stage.run("import", str(file))
        assert read_table(account.dynamodb, stage.table_name) == expected()


@contextmanager
def _copy(emulator: Emulator, file: Path) -> Generator[Command]:
    account = account_of("dev", emulator, file.parent)
    copy = ("copy", "--from", "dev", "--stack", "pr-12")
    with account.tables_of("dev", "pr-12"):
        account.run("import", str(file), "--stack", "dev")
        yield Command([*STARTED, "content", *copy], variables=_set(account.variables))
        assert_content_agrees(account.table_of("pr-12"))
        account.run(*copy)
        assert account.table_of("pr-12") == account.table_of("dev")


@contextmanager
def _adopt(emulator: Emulator, folder: Path) -> Generator[Command]:
    account = account_of("prod", emulator, folder)
    yield Command([*STARTED, "adopt", "--stack", "prod"], variables=_set(account.variables))


@contextmanager
def _traces(folder: Path, *options: str, ready: bytes | None = None) -> Generator[Command]:
    with serve_refusing_aws() as aws, serve_xray() as (xray, address):
        aws.trusted.add("sts")
        start = int(time.time()) - 60 + 0.25
        xray.documents[trace_id(start, 1)] = warm(start, 1)
        words = [*STARTED, "traces", "--stack", "dev", "--since", "2h", *options]
        own = variables(folder, address, aws.endpoint)
        yield Command(words, variables=_set(own), ready=ready)


def _set(variables: "dict[str, str | None]") -> dict[str, str]:
    return {name: value for name, value in variables.items() if value is not None}
