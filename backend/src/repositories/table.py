"""The one DynamoDB table, with string keys `PK` and `SK`: consistent reads and transactions.

Only what is read through an index may be a moment old. There is no scan here, and there shall be
none.
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
"""One write of a transaction, made by `Table.put`, `Table.delete` or `Table.add`."""

BATCH_GET_KEYS: Final = 100
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html"""

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
"""The reasons of a cancelled transaction that may not hold the next time.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html
"""


@dataclass(frozen=True)
class Outcome:
    """What became of a transaction."""

    reasons: tuple[str, ...] = ()
    """Why it was cancelled: a code for each action; empty when it was done."""

    @property
    def committed(self) -> bool:
        """Whether every action was done, not none."""
        return not self.reasons

    @property
    def any_condition_failed(self) -> bool:
        """Whether trying again is of no use, as things are."""
        return _CONDITION_FAILED in self.reasons

    def condition_failed(self, action: int) -> bool:
        """Whether the condition of the action at this position did not hold."""
        return action < len(self.reasons) and self.reasons[action] == _CONDITION_FAILED


class Table:
    """The table's reads and writes; values are Python's, numbers come back as `Decimal`."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Key) -> Item | None:
        """Return an item."""
        answer = self._client.get_item(
            TableName=self._name, Key=encode_key(key), ConsistentRead=True
        )
        return decode(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """Return those of the items that exist; 100 keys, or 16 MB, to a call."""
        found: dict[Key, Item] = {}
        waiting = [encode_key(key) for key in keys]
        while waiting:
            # An answer holds at least one item, so this ends.
            answer = self._client.batch_get_item(
                RequestItems={
                    self._name: {"Keys": waiting[:BATCH_GET_KEYS], "ConsistentRead": True}
                }
            )
            for item in map(decode, answer["Responses"].get(self._name, [])):
                found[item["PK"], item["SK"]] = item
            left_over = answer["UnprocessedKeys"].get(self._name, {"Keys": []})["Keys"]
            waiting = [*map(dict, left_over), *waiting[BATCH_GET_KEYS:]]
        return found

    def query(
        self, partition: str, *, prefix: str = "", index: str = "", limit: int | None = None
    ) -> Iterator[Item]:
        """Yield the items of a partition, the last sort key first.

        Args:
            partition: the items' `PK`.
            prefix: what their `SK` begins with.
            index: the global secondary index whose sort key is meant, and whose attributes; it
                follows the table a moment later.
            limit: how many to read at most.
        """
        request: QueryInputTypeDef = {
            "TableName": self._name,
            "KeyConditionExpression": "PK = :partition",
            "ExpressionAttributeValues": {":partition": {"S": partition}},
            "ScanIndexForward": False,
            # Refused of a global index (Developer Guide, "DynamoDB read consistency").
            "ConsistentRead": not index,
        }
        if index:
            request["IndexName"] = index
        if prefix:
            request["KeyConditionExpression"] = "PK = :partition AND begins_with(SK, :prefix)"
            request["ExpressionAttributeValues"] = encode(
                {":partition": partition, ":prefix": prefix}
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
        """Do all of at most 100 actions on different items, or none.

        Raises:
            ClientError: if the transaction can never be done as it is.
        """
        try:
            self._client.transact_write_items(
                TransactItems=actions,
                # Botocore asks again where an answer was lost: it must not be done twice.
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
        """Make an action that stores an item in place of the one there."""
        item = {"PK": key[0], "SK": key[1], **attributes}
        return {"Put": {"TableName": self._name, "Item": encode(item), **_conditional(condition)}}

    def delete(self, key: Key, condition: Condition | None = None) -> "Action":
        """Make an action that removes an item, if it is there."""
        return {
            "Delete": {"TableName": self._name, "Key": encode_key(key), **_conditional(condition)}
        }

    def check(self, key: Key, condition: Condition) -> "Action":
        """Make an action that changes nothing, but lets nothing be done if it does not hold."""
        return {
            "ConditionCheck": {
                "TableName": self._name,
                "Key": encode_key(key),
                "ConditionExpression": condition.expression,
                **_conditional(condition),
            }
        }

    def add(self, key: Key, amounts: Mapping[str, int]) -> "Action":
        """Make an action that adds to numbers of an item; what is not there counts as 0."""
        terms = ", ".join(f"#a{n} :a{n}" for n in range(len(amounts)))
        values = {f":a{n}": amount for n, amount in enumerate(amounts.values())}
        return {
            "Update": {
                "TableName": self._name,
                "Key": encode_key(key),
                "UpdateExpression": f"ADD {terms}",
                "ExpressionAttributeNames": {f"#a{n}": name for n, name in enumerate(amounts)},
                "ExpressionAttributeValues": encode(values),
            }
        }

    def remove(self, key: Key, attributes: Sequence[str], condition: Condition) -> bool:
        """Remove attributes of an item where the condition holds, and say whether it did."""
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
        # DynamoDB refuses both where they are empty.
        if condition.names:
            request["ExpressionAttributeNames"] = condition.names
        if condition.values:
            request["ExpressionAttributeValues"] = encode(condition.values)
    return request
