"""What every operation costs in DynamoDB, on tables of different sizes."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from portfolio.local.emulator import ACCESS_KEY
from src.app import create_app
from src.models.principal import OWNER_GROUP, Principal
from src.repositories.attributes import encode_key
from src.repositories.table import Action, Item, Key
from src.utils.services import Services
from tests.backend.app_client import connect
from tests.backend.content_checks import read_table
from tests.backend.dynamodb_tables import create_table
from tests.bench.cost_report import Column, report_costs
from tests.bench.dynamodb_meter import Cost, Meter
from tests.bench.memory_table import MemoryTable
from tests.bench.operations import Operation, Stage, list_operations
from tests.bench.seed import TAGS, fill
from tests.bench.settings import make_settings
from tests.real.dynamodb_local.server import run_dynamodb_local

if TYPE_CHECKING:
    from fastapi import FastAPI
    from types_boto3_dynamodb import DynamoDBClient

_MANY_TAGS: Final = tuple(f"tag {number}" for number in range(1000))

_COLUMNS: Final[Mapping[Column, Sequence[str]]] = {
    Column("10", 10): TAGS,
    Column("1,000", 1000): TAGS,
    Column("10,000", 10_000): TAGS,
    Column("1,000 tags", 1000): _MANY_TAGS,
}
_SMALL: Final = 40
_SIZES_READ: Final = (1, 100)


class _OwnerForAll:
    """A verifier that takes every token for the owner's: there is no Cognito to ask for one."""

    def verify(self, _token: str) -> Principal:
        return Principal(
            subject="owner",
            username="owner",
            email="owner@example.com",
            is_email_verified=True,
            name="Owner",
            groups=frozenset({OWNER_GROUP}),
        )


def measure_dynamodb_costs() -> str:
    """Measure all, and return the report."""
    operations = list_operations()
    with run_dynamodb_local() as endpoint:
        checks = _check(endpoint)
        costs = {
            column: _measure_column(endpoint, column, tags, operations)
            for column, tags in _COLUMNS.items()
        }
    return "\n\n".join([checks, report_costs(operations, costs)])


def _measure_column(
    endpoint: str, column: Column, tags: Sequence[str], operations: Sequence[Operation]
) -> list[Cost]:
    with _stage(endpoint, column, tags) as stage:
        return [operation.measure(stage) for operation in operations]


@contextmanager
def _stage(endpoint: str, column: Column, tags: Sequence[str]) -> Generator[Stage]:
    with _app(endpoint, f"bench-{column.table_name}") as (app, client):
        name = app.state.settings.dynamodb_table_name
        memory = MemoryTable(client, name)
        published = fill(memory, column.size, tags)
        memory.write_out()
        with connect(app) as connected:
            meter = Meter(client, Services(app.state.settings).dynamodb)
            yield Stage(connected, meter, column.size, published)
        client.delete_table(TableName=name)


@contextmanager
def _app(endpoint: str, table_name: str) -> "Generator[tuple[FastAPI, DynamoDBClient]]":
    """The app with a table of its own, as its owner."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        environment.setenv("AWS_SECRET_ACCESS_KEY", ACCESS_KEY)
        environment.setenv("NO_PROXY", "127.0.0.1")
        app = create_app(make_settings(endpoint, table_name))
        client: DynamoDBClient = app.state.services.dynamodb
        create_table(client, table_name)
        app.state.services.token_verifier = _OwnerForAll()
        yield app, client


def _check(endpoint: str) -> str:
    """Say whether DynamoDB Local and the seed can be trusted."""
    with (
        _app(endpoint, "bench-seeded") as (_, client),
        _app(endpoint, "bench-replayed") as (_, other),
    ):
        seeded, replayed = _seed_both_ways(client, other)
        small, large = (_read_units(client, size) for size in _SIZES_READ)
    same = "yes" if seeded == replayed else "NO"
    return (
        f"Units that a consistent read consumes on DynamoDB Local: {small:g} for 1 KB,"
        f" {large:g} for 100 KB (on AWS 1 and 25).\n"
        f"The seed of {_SMALL} items is what DynamoDB makes of the same transactions: {same}"
        f" ({len(seeded)} rows compared)."
    )


def _seed_both_ways(
    client: "DynamoDBClient", other: "DynamoDBClient"
) -> tuple[dict[Key, Item], dict[Key, Item]]:
    """Store a small seed at once, and its transactions one by one; return both tables."""
    memory = MemoryTable(client, "bench-seeded")
    fill(memory, _SMALL)
    memory.write_out()
    for actions in memory.transactions:
        other.transact_write_items(TransactItems=_on_table(actions, "bench-replayed"))
    return read_table(client, "bench-seeded"), read_table(other, "bench-replayed")


def _on_table(actions: Sequence[Action], name: str) -> list[Any]:
    return [
        {kind: {**action, "TableName": name} for kind, action in each.items()}
        for each in cast("Sequence[dict[str, dict[str, Any]]]", actions)
    ]


def _read_units(client: "DynamoDBClient", kilobytes: int) -> float:
    table, key = "bench-seeded", encode_key(("read", str(kilobytes)))
    text = "x" * (kilobytes * 1024 - 50)
    client.put_item(TableName=table, Item={**key, "text": {"S": text}})
    answer = client.get_item(
        TableName=table, Key=key, ConsistentRead=True, ReturnConsumedCapacity="TOTAL"
    )
    return answer["ConsumedCapacity"].get("CapacityUnits", 0)
