"""Counts spread over 64 items, the shards; their sum is the count.

DynamoDB cancels transactions that meet on an item. A session adds to one shard only, so few
sessions meet, and repeated attempts succeed. `make bench` simulates a crowd:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

import zlib
from typing import Final

from src.repositories.table import Table

SHARDS: Final = 64
"""Number of shards: enough for 500 visitors a second, and still one read unit in all."""


def shard_of(session: str) -> str:
    """Return the sort key of a session's shard: `00` to `63`."""
    # Not `hash`: it differs from process to process.
    return f"{zlib.crc32(session.encode()) % SHARDS:02}"


def sum_shards(table: Table, partition: str, attribute: str) -> int:
    """Return the sum of an attribute over the shards in a partition."""
    return sum(int(item[attribute]) for item in table.query(partition))
