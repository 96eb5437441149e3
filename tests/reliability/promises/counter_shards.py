"""More shards take more visitors, and a change of the setting `counterShards` loses no count."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from portfolio.local.emulator import run_emulator
from src.repositories.table import Table
from src.repositories.visitors import VisitorRepository
from tests.backend.dynamodb_traffic import limit_partitions
from tests.reliability.figures import Row
from tests.reliability.ground import Ground, open_ground

MOST: Final = 512
"""The largest setting."""

_AT_ONCE: Final = 50
_UNITS: Final = 40
"""Write units a second of a partition key, instead of 1,000: the emulator is slower than AWS."""


def measure() -> Iterator[Row]:
    """Send 500 visitors to 512 shards, and 500 while the setting changes all the time."""
    with run_emulator() as emulator:
        with open_ground(emulator) as ground:
            yield send_above_limit(ground, shards=MOST, visitors=500, units=_UNITS)
        with open_ground(emulator) as ground:
            yield send_through_changes(ground, 500)


def send_above_limit(ground: Ground, *, shards: int, visitors: int, units: float) -> Row:
    """Let visitors come, with a limit for each partition key; one who is turned away is lost.

    Args:
        ground: an empty table.
        shards: the setting `counterShards`.
        visitors: the number of visitors.
        units: write units that a key takes in a second; 1,000 on AWS.
    """
    client = ground.client(max_pool_connections=_AT_ONCE)
    limit_partitions(client, units)
    repository = VisitorRepository(Table(client, ground.table_name), shards=shards)
    row = Row(f"visitors, {shards} shards")
    _come(row, ground, visitors, lambda _number: repository)
    return row


def send_through_changes(ground: Ground, visitors: int) -> Row:
    """Let visitors come at once to versions of the function with different settings."""
    table = Table(ground.client(max_pool_connections=_AT_ONCE), ground.table_name)
    versions = [VisitorRepository(table, shards=shards) for shards in (64, MOST, 128, 320)]
    row = Row("visitors, four settings at once")
    _come(row, ground, visitors, lambda number: versions[number % len(versions)])
    return row


def _come(
    row: Row, ground: Ground, visitors: int, version: Callable[[int], VisitorRepository]
) -> None:
    counted: list[int] = []

    def come(number: int) -> None:
        with row.case(f"session {number}"):
            assert version(number).track(f"session {number}").tracked
            counted.append(number)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(come, range(visitors)))
    with row.case("the sums"):
        # A reader with the default setting finds all shards.
        reader = VisitorRepository(Table(ground.client(), ground.table_name))
        sums = {reader.count().total, sum(visits for _, visits in reader.daily(2))}
        assert sums == {len(counted)}
