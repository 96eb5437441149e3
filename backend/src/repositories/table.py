"""The DynamoDB table, with string keys `PK` and `SK`: reads and transactions.

Reads are consistent, except those through an index and those of `Table.eventual`. Scans are missing
on purpose: they read the table to its end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypedDict
from uuid import uuid4

from src.repositories.attributes import decode, encode, encode_key
from src.repositories.conditions import Condition

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        QueryInputTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )


class _Conditional(TypedDict, total=False):
    ConditionExpression: str
    ExpressionAttributeNames: Mapping[str, str]
    ExpressionAttributeValues: "Mapping[str, AttributeValueTypeDef]"


type Key = tuple[str, str]
"""An item's `PK` and `SK`."""

type Item = dict[str, Any]
"""An item's attributes, with its keys."""

type Action = TransactWriteItemTypeDef
"""A write of a transaction, made by `Table.put`, `Table.delete` or `Table.add`."""

BATCH_GET_KEYS: Final = 100
"""Limit of keys in a request.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
"""

TRANSACTION_ACTIONS: Final = 100
"""Limit of actions in a transaction.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

_CONDITION_FAILED: Final = "ConditionalCheckFailed"
_TRY_AGAIN: Final = frozenset(
    {
        "None",
        _CONDITION_FAILED,
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    }
)
"""Temporary reasons of a cancelled transaction: another attempt may succeed.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html
"""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a transaction."""

    reasons: tuple[str, ...] = ()
    """Reasons of the cancellation, a code for each action; empty if the transaction was done."""

    @property
    def committed(self) -> bool:
        """True if every action was done."""
        return not self.reasons

    @property
    def any_condition_failed(self) -> bool:
        """True if another attempt would fail too, because a condition is false."""
        return _CONDITION_FAILED in self.reasons

    def condition_failed(self, action: int) -> bool:
        """Return True if the condition of the action at this position was false."""
        return action < len(self.reasons) and self.reasons[action] == _CONDITION_FAILED


class Table:
    """Reads and writes of the table, with Python's values; numbers are returned as `Decimal`."""

    def __init__(self, client: "DynamoDBClient", name: str, *, consistent: bool = True) -> None:
        self._client = client
        self._name = name
        self._consistent = consistent

    def eventual(self) -> "Table":
        """Return the table with reads at half the price; they may be a moment old."""
        return Table(self._client, self._name, consistent=False)

    def get(self, key: Key) -> Item | None:
        """Return an item, or None if it does not exist."""
        answer = self._client.get_item(
            TableName=self._name, Key=encode_key(key), ConsistentRead=self._consistent
        )
        return decode(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Return the existing items by their keys; a call reads 100 keys or 16 MB."""
        found: dict[Key, Item] = {}
        waiting = [encode_key(key) for key in keys]
        while waiting:
            # An answer has at least one item, so this ends.
            answer = self._client.batch_get_item(
                RequestItems={
                    self._name: {
                        "Keys": waiting[:BATCH_GET_KEYS],
                        "ConsistentRead": self._consistent,
                    }
                }
            )
            for item in map(decode, answer["Responses"].get(self._name, [])):
                found[item["PK"], item["SK"]] = item
            left_over = answer["UnprocessedKeys"].get(self._name, {"Keys": []})["Keys"]
            waiting = [*map(dict, left_over), *waiting[BATCH_GET_KEYS:]]
        return found

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        first: str = "",
        index: str = "",
        limit: int | None = None,
    ) -> Iterator[Item]:
        """Yield the items of a partition, the last sort key first.

        Args:
            partition: the `PK` of the items.
            prefix: the beginning of their `SK`; not together with `first`.
            first: the lowest `SK`.
            index: name of the global secondary index to read; it follows the table a moment later.
                Default: the table itself.
            limit: the maximum number of items.
        """
        request: QueryInputTypeDef = {
            "TableName": self._name,
            "KeyConditionExpression": "PK = :partition",
            "ExpressionAttributeValues": {":partition": {"S": partition}},
            "ScanIndexForward": False,
            # A global index refuses it (Developer Guide, "DynamoDB read consistency").
            "ConsistentRead": self._consistent and not index,
        }
        if index:
            request["IndexName"] = index
        if prefix or first:
            sort_keys = "begins_with(SK, :text)" if prefix else "SK >= :text"
            request["KeyConditionExpression"] = f"PK = :partition AND {sort_keys}"
            request["ExpressionAttributeValues"] = encode(
                {":partition": partition, ":text": prefix or first}
            )
        yield from self._pages(request, limit)

    def _pages(self, request: "QueryInputTypeDef", limit: int | None) -> Iterator[Item]:
        while True:
            if limit is not None:
                request["Limit"] = limit
            answer = self._client.query(**request)
            yield from map(decode, answer["Items"])
            limit = None if limit is None else limit - answer["Count"]
            if "LastEvaluatedKey" not in answer or limit == 0:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def transact(self, actions: Sequence[Action]) -> Outcome:
        """Do all of at most `TRANSACTION_ACTIONS` on different items, or none.

        Raises:
            ClientError: if another attempt would fail too.
        """
        try:
            self._client.transact_write_items(
                TransactItems=actions,
                # Botocore repeats the request if the answer is lost: it must not be done twice.
                ClientRequestToken=str(uuid4()),
            )
        except self._client.exceptions.TransactionCanceledException as error:
            reasons = error.response.get("CancellationReasons", [])
            codes = tuple(reason.get("Code", "None") for reason in reasons)
            if not codes or not _TRY_AGAIN.issuperset(codes):
                raise
            return Outcome(codes)
        return Outcome()

    def put(self, key: Key, attributes: Item, condition: Condition | None = None) -> "Action":
        """Return the action to store an item in place of the existing one."""
        item = {"PK": key[0], "SK": key[1], **attributes}
        return {"Put": {"TableName": self._name, "Item": encode(item), **_conditional(condition)}}

    def delete(self, key: Key, condition: Condition | None = None) -> "Action":
        """Return the action to remove an item, if it exists."""
        return {
            "Delete": {"TableName": self._name, "Key": encode_key(key), **_conditional(condition)}
        }

    def add(
        self,
        key: Key,
        amounts: Mapping[str, int],
        attributes: Item | None = None,
        condition: Condition | None = None,
    ) -> "Action":
        """Return the action to add to numbers of an item, and to set other attributes.

        A missing number counts as 0.
        """
        added, others = [*enumerate(amounts.items())], [*enumerate((attributes or {}).items())]
        terms = "ADD " + ", ".join(f"#a{n} :a{n}" for n, _ in added)
        if others:
            terms += " SET " + ", ".join(f"#s{n} = :s{n}" for n, _ in others)
        names = {f"#a{n}": name for n, (name, _) in added}
        names |= {f"#s{n}": name for n, (name, _) in others}
        values: Item = {f":a{n}": amount for n, (_, amount) in added}
        values |= {f":s{n}": value for n, (_, value) in others}
        update: UpdateTypeDef = {
            "TableName": self._name,
            "Key": encode_key(key),
            "UpdateExpression": terms,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": encode(values),
        }
        if condition:
            update["ConditionExpression"] = condition.expression
            update["ExpressionAttributeNames"] = {**names, **condition.names}
            update["ExpressionAttributeValues"] = encode({**values, **condition.values})
        return {"Update": update}

    def store(self, key: Key, attributes: Item) -> None:
        """Store an item in place of the existing one, outside of transactions."""
        item = {"PK": key[0], "SK": key[1], **attributes}
        self._client.put_item(TableName=self._name, Item=encode(item))

    def remove(self, key: Key, attributes: Sequence[str], condition: Condition) -> bool:
        """Remove attributes of an item if the condition is true; return True if it was."""
        names = {f"#r{n}": name for n, name in enumerate(attributes)}
        try:
            self._client.update_item(
                TableName=self._name,
                Key=encode_key(key),
                UpdateExpression=f"REMOVE {', '.join(names)}",
                ConditionExpression=condition.expression,
                ExpressionAttributeNames={**names, **condition.names},
                ExpressionAttributeValues=encode(condition.values),
            )
        except (
            self._client.exceptions.ConditionalCheckFailedException,
            self._client.exceptions.TransactionConflictException,
        ):
            return False
        return True


def _conditional(condition: Condition | None) -> "_Conditional":
    request: _Conditional = {}
    if condition:
        request["ConditionExpression"] = condition.expression
        # DynamoDB refuses both if they are empty.
        if condition.names:
            request["ExpressionAttributeNames"] = condition.names
        if condition.values:
            request["ExpressionAttributeValues"] = encode(condition.values)
    return request
