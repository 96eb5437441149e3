"""Removal of the old items from the table, after a verified migration."""

from collections.abc import Iterable, Mapping
from itertools import batched
from typing import TYPE_CHECKING, Final

from portfolio.migration.carry import Outcome, Record
from portfolio.migration.layout import OldItem, is_ours

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import WriteRequestOutputTypeDef

    from portfolio.migration.layout import Attributes
    from portfolio.migration.sources import OldTable

_BATCH: Final = 25
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""


def prune(table: "OldTable", records: Iterable[Record]) -> tuple[int, int]:
    """Remove the old items, and return the numbers of removed and kept ones.

    A skipped item stays. An item that has changed since it was read stays too.
    """
    done = {
        _key(record.old.attributes): record.old.digest
        for record in records
        if record.outcome is not Outcome.SKIPPED
    }
    removed = kept = 0
    for items in batched(table.items(), _BATCH):
        old = [item for item in items if not is_ours(item)]
        ready = [item for item in old if _is_done(item, done)]
        _delete(table, ready)
        removed, kept = removed + len(ready), kept + len(old) - len(ready)
    return removed, kept


def _is_done(item: "Attributes", done: Mapping[tuple[str, str], bytes]) -> bool:
    return done.get(_key(item)) == OldItem.of(item).digest


def _key(item: "Attributes") -> tuple[str, str]:
    return item["PK"].get("S", ""), item["SK"].get("S", "")


def _delete(table: "OldTable", items: Iterable["Attributes"]) -> None:
    waiting: list[WriteRequestOutputTypeDef] = [
        {"DeleteRequest": {"Key": {"PK": item["PK"], "SK": item["SK"]}}} for item in items
    ]
    while waiting:
        answer = table.client.batch_write_item(RequestItems={table.name: waiting})
        waiting = answer.get("UnprocessedItems", {}).get(table.name, [])
        table.pace.spend(_BATCH)
