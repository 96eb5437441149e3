"""Conflicts of transactions, injected: the emulators never cancel what meets on an item."""

import json
import random
from typing import TYPE_CHECKING, Any, Final

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.backend.dynamodb_traffic import RawBody, cancelled

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

RATE: Final = 1 / 3
"""Part of the transactions that fail."""


def inject_conflicts(client: "DynamoDBClient", chance: random.Random) -> None:
    """Cancel transactions of a client at random.

    Half of those that replace an item of content fail as after another writer's change, by their
    condition. All others fail because another transaction holds an item.
    """

    def answer(request: Any, **_context: Any) -> AWSResponse | None:
        if chance.random() >= RATE:
            return None
        actions: list[dict[str, Any]] = json.loads(request.body)["TransactItems"]
        codes = ["None"] * len(actions)
        if _replaces_content(actions[0]) and chance.random() < 1 / 2:
            codes[0] = "ConditionalCheckFailed"
        else:
            codes[chance.randrange(len(actions))] = "TransactionConflict"
        error = json.dumps(cancelled(*codes)).encode()
        return AWSResponse(request.url, 400, HTTPHeaders(), RawBody(error))

    event = "before-send.dynamodb.TransactWriteItems"
    # The stubs know handlers that return nothing; this event's may answer.
    client.meta.events.register(event, answer)  # pyright: ignore[reportArgumentType]


def _replaces_content(action: dict[str, Any]) -> bool:
    (write,) = action.values()
    key = write.get("Key") or write["Item"]
    return key["SK"] == {"S": "item"} and "attribute_not_exists" not in write["ConditionExpression"]
