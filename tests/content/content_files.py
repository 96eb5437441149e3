"""Content files and tables for the tests."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from portfolio.content.records import (
    HEADER,
    DayRecord,
    EndRecord,
    ItemRecord,
    Record,
    TotalRecord,
    encode,
)
from portfolio.local.emulator import free_port
from portfolio.local.running_stages import RunningStage, announce
from src.api.kinds import KINDS
from src.models.content import Content, SluggedContent
from tests.backend.app_settings import REGION
from tests.backend.dynamodb_tables import create_table
from tests.backend.field_values import body_values
from tests.commands import Result, run_command

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from portfolio.local.emulator import Emulator

NOW = datetime(2026, 1, 31, 9, 30, 0, 123456, UTC)


@dataclass(frozen=True)
class ContentStage:
    """A local stage of nothing but a table; `--stack local --port PORT` selects it."""

    table_name: str
    port: int

    def run(self, *arguments: str, code: int = 0) -> Result:
        """Run `portfolio content` on the stage."""
        options = ("--stack", "local", "--port", str(self.port))
        finished = run_command("content", *arguments, *options)
        assert finished.code == code, finished
        return finished


@contextmanager
def announced_stage(dynamodb: "DynamoDBClient", emulator: "Emulator") -> Generator[ContentStage]:
    """Make an empty table on the emulator, and announce it as a local stage."""
    name = f"content-tests-{uuid4().hex}"
    create_table(dynamodb, name)
    with announced_table(name, emulator) as stage:
        yield stage
    dynamodb.delete_table(TableName=name)


@contextmanager
def announced_table(name: str, emulator: "Emulator") -> Generator[ContentStage]:
    """Announce a table as a local stage."""
    port = free_port()
    with announce(RunningStage(port, emulator.endpoint, REGION, {"table_name": name})):
        yield ContentStage(name, port)


def made_up_records(count: int) -> list[Record]:
    """Return so many items of each kind, drafts too, with counters, in the order of a file."""
    items: list[Record] = [
        ItemRecord(api, _item(api, sent, number), views=number % 5)
        for api in KINDS
        for sent in [api.create.model_validate(_example(api))]
        for number in range(count)
    ]
    first = NOW.date() - timedelta(days=40)
    days = [DayRecord(first + timedelta(days=day), 3 + day) for day in range(0, 40, 2)]
    return [*items, *days, TotalRecord(4321, NOW.replace(microsecond=0))]


def _item(api: Any, sent: Any, number: int) -> Content:
    created = NOW - timedelta(hours=number)
    item: Content = api.kind.model.draft(str(UUID(int=number, version=4)), sent, created)
    if isinstance(item, SluggedContent):
        item = item.model_copy(update={"slug": f"item-{number}"})
    return item if number % 3 == 0 else item.publish(created + timedelta(minutes=5))


def _example(api: Any) -> dict[str, Any]:
    """Return the examples of a kind's fields, and values for required fields without one."""
    values = {name: field.valid[0] for name, field in body_values(api).required.items()}
    examples = {
        field.alias or name: field.examples[0]
        for name, field in api.create.model_fields.items()
        if field.examples
    }
    return values | examples


def file_of(records: list[Record]) -> bytes:
    """Return the file with these records."""
    lines = [encode(HEADER), *(encode(record.as_json) for record in records)]
    return b"".join([*lines, encode(EndRecord(len(lines)).as_json)])


def with_line(file: bytes, number: int, **changes: Any) -> bytes:
    """Return a file with changed keys in a line; a key `item.x` is in the item."""
    lines = file.splitlines(keepends=True)
    value = json.loads(lines[number - 1])
    for key, change in changes.items():
        place = value["item"] if key.startswith("item.") else value
        name = key.removeprefix("item.")
        if change is ...:
            del place[name]
        else:
            place[name] = change
    lines[number - 1] = encode(value)
    return b"".join(lines)
