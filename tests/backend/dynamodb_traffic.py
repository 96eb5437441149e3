"""Calls between a DynamoDB client and the table: recorded, counted, or answered by us."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

import httpx
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class RawBody(BytesIO):
    """A body as urllib3 hands it to botocore."""

    def stream(self, **_options: Any) -> Iterator[bytes]:
        yield self.read()


def refuse(
    client: "DynamoDBClient", operation: str, error: dict[str, Any], times: int = 1
) -> Counter[str]:
    """Answer the next calls with an error, in DynamoDB's stead; return a count of all calls."""
    calls: Counter[str] = Counter()

    def answer(request: Any, **_context: Any) -> AWSResponse | None:
        calls[operation] += 1
        if calls[operation] > times:
            return None
        return AWSResponse(request.url, 400, HTTPHeaders(), RawBody(json.dumps(error).encode()))

    event = f"before-send.dynamodb.{operation}"
    # The stubs know handlers that return nothing; this event's may answer.
    client.meta.events.register(event, answer)  # pyright: ignore[reportArgumentType]
    return calls


def lose_answers(
    client: "DynamoDBClient", operation: str, times: int = 1, each: int = 1
) -> Counter[str]:
    """Let DynamoDB do the next calls, but lose some answers; return a count of all calls.

    Args:
        client: the client to lose them for.
        operation: the operation of the calls.
        times: the number of answers to lose.
        each: lose the answer of every call (1), or of every second one (2).
    """
    calls: Counter[str] = Counter()

    def lose(request: Any, **_context: Any) -> AWSResponse | None:
        calls[operation] += 1
        number, rest = divmod(calls[operation] - 1, each)
        if rest or number >= times:
            return None
        answer = httpx.post(
            request.url, content=request.body, headers=dict(request.headers), trust_env=False
        )
        assert answer.is_success, answer.text
        return AWSResponse(request.url, 500, HTTPHeaders(), RawBody(b"{}"))

    event = f"before-send.dynamodb.{operation}"
    client.meta.events.register(event, lose)  # pyright: ignore[reportArgumentType] - as above
    return calls


def cancelled(*codes: str) -> dict[str, Any]:
    """Return the error of a cancelled transaction, with a reason for each action."""
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": f"Transaction cancelled, please refer cancellation reasons {list(codes)}",
        "CancellationReasons": [{"Code": code} for code in codes],
    }


def cancel_what_meets(client: "DynamoDBClient", seconds: float) -> Counter[str]:
    """Cancel transactions that meet on an item, as AWS does; return a count of both outcomes.

    Args:
        client: the client of all transactions.
        seconds: the time for which a transaction holds its items.
    """
    busy_until: dict[tuple[str, str], float] = {}
    outcomes: Counter[str] = Counter()
    lock = Lock()

    def answer(request: Any, **_context: Any) -> AWSResponse | None:
        keys = [_key(action) for action in json.loads(request.body)["TransactItems"]]
        with lock:
            now = time.monotonic()
            codes = [
                "TransactionConflict" if busy_until.get(key, now) > now else "None" for key in keys
            ]
            cancel = "TransactionConflict" in codes
            outcomes["cancelled" if cancel else "done"] += 1
            if not cancel:
                busy_until.update(dict.fromkeys(keys, now + seconds))
                return None
        error = json.dumps(cancelled(*codes)).encode()
        return AWSResponse(request.url, 400, HTTPHeaders(), RawBody(error))

    event = "before-send.dynamodb.TransactWriteItems"
    client.meta.events.register(event, answer)  # pyright: ignore[reportArgumentType] - as above
    return outcomes


def _key(action: dict[str, dict[str, Any]]) -> tuple[str, str]:
    (write,) = action.values()
    key = write.get("Key") or write["Item"]
    return key["PK"]["S"], key["SK"]["S"]


def record(client: "DynamoDBClient") -> list[tuple[str, dict[str, Any]]]:
    """Return a list of the operations and parameters of all later calls."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def note(params: dict[str, Any], model: Any, **_context: Any) -> None:
        calls.append((model.name, params))

    client.meta.events.register("provide-client-params.dynamodb.*", note)
    return calls


def before_each(
    client: "DynamoDBClient", operation: str, steps: Sequence[Callable[[], Any]]
) -> None:
    """Do a step before each of the next calls, as another client would at this moment."""
    waiting = list(steps)

    def interfere(**_context: Any) -> None:
        if waiting:
            waiting.pop(0)()

    client.meta.events.register(f"before-call.dynamodb.{operation}", interfere)


def keep_answers_short(client: "DynamoDBClient", items: int) -> None:
    """Let BatchGetItem return at most so many items, as DynamoDB does above 16 MB."""

    def shorten(parsed: dict[str, Any], **_context: Any) -> None:
        for table, found in parsed["Responses"].items():
            keys = [{"PK": item["PK"], "SK": item["SK"]} for item in found[items:]]
            if keys:
                parsed["UnprocessedKeys"][table] = {"Keys": keys, "ConsistentRead": True}
            del found[items:]

    client.meta.events.register("after-call.dynamodb.BatchGetItem", shorten)


def reverse_answers(client: "DynamoDBClient") -> None:
    """Let BatchGetItem answer in another order than asked, as DynamoDB may."""

    def reverse(parsed: dict[str, Any], **_context: Any) -> None:
        for found in parsed["Responses"].values():
            found.reverse()

    client.meta.events.register("after-call.dynamodb.BatchGetItem", reverse)


def keep_index_behind(client: "DynamoDBClient") -> None:
    """Let every query of an index answer as the first did, as DynamoDB may for a moment."""
    first: dict[str, Any] = {}
    asked: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_context: Any) -> None:
        asked.append(params)

    def repeat(parsed: dict[str, Any], **_context: Any) -> None:
        if "IndexName" in asked[-1]:
            first.update({} if first else parsed)
            parsed.update(first)

    client.meta.events.register("provide-client-params.dynamodb.Query", note)
    client.meta.events.register("after-call.dynamodb.Query", repeat)


def limit_partitions(client: "DynamoDBClient", units: float) -> Counter[str]:
    """Throttle transactions by partition key, as AWS does; return a count of both outcomes.

    Args:
        client: the client of all transactions.
        units: the write units that a key takes in a second; a transaction needs two an item.
    """
    left: dict[str, tuple[float, float]] = {}
    outcomes: Counter[str] = Counter()
    lock = Lock()

    def answer(request: Any, **_context: Any) -> AWSResponse | None:
        partitions = [_key(action)[0] for action in json.loads(request.body)["TransactItems"]]
        with lock:
            now = time.monotonic()
            for each in partitions:
                rest, at = left.get(each, (units, now))
                left[each] = min(units, rest + (now - at) * units), now
            codes = ["ThrottlingError" if left[each][0] < 2 else "None" for each in partitions]
            throttled = "ThrottlingError" in codes
            outcomes["throttled" if throttled else "done"] += 1
            if not throttled:
                left.update({each: (left[each][0] - 2, now) for each in partitions})
                return None
        error = json.dumps(cancelled(*codes)).encode()
        return AWSResponse(request.url, 400, HTTPHeaders(), RawBody(error))

    event = "before-send.dynamodb.TransactWriteItems"
    client.meta.events.register(event, answer)  # pyright: ignore[reportArgumentType] - as above
    return outcomes
