"""Counts spread over items, the shards; their sum is the count.

DynamoDB cancels transactions that meet on an item. A session adds to one shard only, so few
sessions meet, and repeated attempts succeed. `make bench` simulates a crowd:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html

A partition key has 64 shards. It takes 1,000 write units a second, so the setting `counterShards`
spreads a count over further keys:

=============== ============== ===============================================================
PK              SK             holds
=============== ============== ===============================================================
`<partition>`   `00` to `63`   shards 0 to 63
`<partition>`   `+1`           a pointer: a zero, because `<partition>#1` may have shards too
`<partition>#1` `00` to `63`   shards 64 to 127
=============== ============== ===============================================================

A pointer is stored before the first shard under its key, and never removed. Every read follows the
pointers, so it finds all shards, also those of a larger setting of the past or of another version
of the function. A version without this setting reads a pointer as a shard with zero.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from src.repositories.conditions import ABSENT, equal
from src.repositories.table import Action, Item, Key, Table

SHARDS: Final = 64
"""Number of shards under a key: enough for 500 visitors a second, and still one read unit."""

_POINTER: Final = "+"


# Plain types here: a class of `NamedTuple` or `dataclass` makes each cold start longer.
type Place = tuple[int, str]
"""The place of a session in every count: the number of the further key, and the shard under it.

The number is 1 for `<partition>#1`, and 0 for the count's own key.
"""


def place_of(session: str, shards: int = SHARDS) -> Place:
    """Return the place of a session in counts of this many shards."""
    # Not `hash`: it differs from process to process.
    further, number = divmod(zlib.crc32(session.encode()) % shards, SHARDS)
    return further, f"{number:02}"


def shard_of(session: str) -> str:
    """Return the shard of a session under the count's own key: `00` to `63`."""
    return place_of(session)[1]


class ShardedCount:
    """A count that sessions add to.

    Args:
        partition: the count's own partition key.
        attribute: the name of the number.
        prefix: the beginning of its sort keys.
    """

    def __init__(self, partition: str, attribute: str, prefix: str = "") -> None:
        self.attribute: Final = attribute
        self._partition = partition
        self._prefix = prefix

    def key(self, place: Place) -> Key:
        """Return the key of the shard at a place."""
        further, shard = place
        return _partition(self._partition, further), f"{self._prefix}{shard}"

    def pointer(self, place: Place) -> Key:
        """Return the key of the pointer to the place's further key."""
        further, _ = place
        return self._partition, f"{self._prefix}{_POINTER}{further}"


def read_shards(
    table: Table, partition: str, *, prefix: str = "", first: str = ""
) -> tuple[list[Item], list[Item]]:
    """Return the shards of a count: those under its own key, and those under all further keys.

    Args:
        table: the table.
        partition: the count's own partition key.
        prefix: the beginning of their sort keys; not together with `first`.
        first: the lowest sort key.
    """
    found = list(table.query(partition, prefix=prefix, first=first))
    numbers = {number for item in found if (number := _pointed_to(item))}
    further = [
        shard
        for number in sorted(numbers)
        for shard in table.query(_partition(partition, number), prefix=prefix, first=first)
    ]
    return [item for item in found if not _pointed_to(item)], further


def sum_shards(table: Table, partition: str, attribute: str) -> int:
    """Return the sum of an attribute over the shards of a count."""
    own, further = read_shards(table, partition)
    return sum_of([*own, *further], attribute)


def sum_of(shards: Iterable[Item], attribute: str) -> int:
    """Return the sum of an attribute over these shards; a missing one counts as 0."""
    return sum(int(shard.get(attribute, 0)) for shard in shards)


def point_to(table: Table, place: Place, counts: Sequence[ShardedCount]) -> None:
    """Store the missing pointers for a place; call it before adding to the counts there."""
    if not place[0]:
        return
    stored = table.get_many([count.key(place) for count in counts])
    # A stored shard was preceded by its pointer, which stays.
    new = [count for count in counts if count.key(place) not in stored]
    if new:
        pointers = table.get_many([count.pointer(place) for count in new])
        for count in new:
            if count.pointer(place) not in pointers:
                table.store(count.pointer(place), {count.attribute: 0})


def replace_shards(
    table: Table, key: Key, stored: Sequence[Item], attributes: Item | None
) -> list[Action]:
    """Return the actions to replace the shards under a count's own key by one.

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


def _partition(partition: str, further: int) -> str:
    return f"{partition}#{further}" if further else partition


def _pointed_to(item: Item) -> int:
    """Return the number of the further key that an item points to; 0 for a shard."""
    return int(item["SK"].rpartition(_POINTER)[2]) if _POINTER in item["SK"] else 0


def _attributes(item: Item) -> Item:
    return {name: value for name, value in item.items() if name not in {"PK", "SK"}}
