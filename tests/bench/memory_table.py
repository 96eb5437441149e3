"""A table in memory, which the repositories fill as they would DynamoDB's, only faster."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched
from typing import TYPE_CHECKING, Any, Final, override

from src.repositories.attributes import decode
from src.repositories.conditions import Condition
from src.repositories.table import Action, Item, Key, Outcome, Table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_BATCH: Final = 25
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""


class MemoryTable(Table):
    """Does what DynamoDB would, except to judge conditions: one writer alone meets them all."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        super().__init__(client, name)
        self._partitions: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.transactions: list[Sequence[Action]] = []
        """All that was done, in order."""

    def __len__(self) -> int:
        """How many items there are."""
        return sum(map(len, self._partitions.values()))

    def write_out(self) -> None:
        """Put everything into DynamoDB's table of the same name."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._store_batch, batched(self._rows(), _BATCH)))

    @override
    def get(self, key: Key) -> Item | None:
        row = self._partitions[key[0]].get(key[1])
        return decode(row) if row else None

    @override
    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        return {key: item for key in keys if (item := self.get(key))}

    @override
    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        first: str = "",
        index: str = "",
        limit: int | None = None,
    ) -> Iterator[Item]:
        if prefix or first or index or limit:
            raise NotImplementedError("Only sums of shards are read while a table is filled.")
        yield from map(decode, self._partitions[partition].values())

    @override
    def transact(self, actions: Sequence[Action]) -> Outcome:
        self.transactions.append(actions)
        for action in actions:
            self._apply(action)
        return Outcome()

    @override
    def remove(self, key: Key, attributes: Sequence[str], condition: Condition) -> bool:
        raise NotImplementedError("Nothing that was counted goes while a table is filled.")

    def _apply(self, action: Action) -> None:
        if put := action.get("Put"):
            row: dict[str, Any] = dict(put["Item"])
            partition, sort_key = _key_of(row)
            self._partitions[partition][sort_key] = row
        elif delete := action.get("Delete"):
            partition, sort_key = _key_of(dict(delete["Key"]))
            del self._partitions[partition][sort_key]
        elif update := action.get("Update"):
            self._add(dict(update))

    def _add(self, update: dict[str, Any]) -> None:
        partition, sort_key = _key_of(update["Key"])
        row = self._partitions[partition].setdefault(sort_key, dict(update["Key"]))
        names: dict[str, str] = update["ExpressionAttributeNames"]
        values: dict[str, Any] = update["ExpressionAttributeValues"]
        # `Table.add` numbers both in step: `#a0 :a0` to add, `#s0 = :s0` to set.
        for place, name in names.items():
            value = values[f":{place.removeprefix('#')}"]
            if place.startswith("#a"):
                value = {"N": str(int(row.get(name, {"N": 0})["N"]) + int(value["N"]))}
            row[name] = value

    def _rows(self) -> Iterator[dict[str, Any]]:
        for partition in self._partitions.values():
            yield from partition.values()

    def _store_batch(self, rows: Sequence[dict[str, Any]]) -> None:
        waiting: Any = {self._name: [{"PutRequest": {"Item": row}} for row in rows]}
        while waiting:
            waiting = self._client.batch_write_item(RequestItems=waiting)["UnprocessedItems"]


def _key_of(row: dict[str, Any]) -> Key:
    return row["PK"]["S"], row["SK"]["S"]
