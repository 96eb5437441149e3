"""Counts spread over 64 items, the shards; their sum is the count.

DynamoDB cancels transactions that meet on an item. A session adds to one shard only, so few
sessions meet, and repeated attempts succeed. `make bench` simulates a crowd:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

import zlib
from collections.abc import Sequence
from typing import Final

from src.repositories.conditions import ABSENT, equal
from src.repositories.table import Action, Item, Key, Table

SHARDS: Final = 64
"""Number of shards: enough for 500 visitors a second, and still one read unit in all."""


def shard_of(session: str) -> str:
    """Return the sort key of a session's shard: `00` to `63`."""
    # Not `hash`: it differs from process to process.
    return f"{zlib.crc32(session.encode()) % SHARDS:02}"


def sum_shards(table: Table, partition: str, attribute: str) -> int:
    """Return the sum of an attribute over the shards in a partition."""
    return sum(int(item[attribute]) for item in table.query(partition))


def replace_shards(
    table: Table, key: Key, stored: Sequence[Item], attributes: Item | None
) -> list[Action]:
    """Return the actions to replace the shards of a count by one.

    They fail if a stored shard has changed.

    Args:
        table: the table.
        key: the key of the shard to keep, in the partition of the others.
        stored: the stored shards.
        attributes: the attributes of the shard to keep; None removes it too.
    """
    unchanged = {(item["PK"], item["SK"]): equal(_attributes(item)) for item in stored}
    if attributes is None:
        return [table.delete(each, condition) for each, condition in unchanged.items()]
    kept = table.put(key, attributes, unchanged.pop(key, ABSENT))
    return [kept, *(table.delete(each, condition) for each, condition in unchanged.items())]


def _attributes(item: Item) -> Item:
    return {name: value for name, value in item.items() if name not in {"PK", "SK"}}
