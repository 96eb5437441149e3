"""The table of the local stage: its partitions, and the items of one."""

import json
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from boto3.dynamodb.types import Binary

from src.repositories.attributes import decode, encode_key

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

_MOST_SCANNED: Final = 20_000
"""The number of items to count, at most."""

_MOST_PARTITIONS: Final = 500
_PAGE: Final = 50
_MOST_CHARACTERS: Final = 2_000
"""The characters of a value to show, at most."""


@dataclass(frozen=True)
class Partitions:
    """The partitions of the table."""

    counts: list[tuple[str, int]]
    """Each `PK` with its number of items, sorted by `PK`."""

    found: int
    """The number of partitions; `counts` has the first of them."""

    is_complete: bool
    """True if every item of the table was counted."""


@dataclass(frozen=True)
class Attribute:
    """An attribute of an item."""

    name: str
    type: str
    """DynamoDB's letter for its type, such as `S`."""

    text: str
    left_out: int
    """The number of characters that are not in `text`."""


@dataclass(frozen=True)
class Item:
    """An item of a partition."""

    sort_key: str
    attributes: list[Attribute]
    """The attributes without the keys, sorted by name."""


@dataclass(frozen=True)
class Items:
    """Some items of a partition."""

    items: list[Item]
    next: str | None
    """The sort key before the next items, or None at the end."""


def list_partitions(client: "DynamoDBClient", table: str, prefix: str) -> Partitions:
    """Return the partitions with a prefix.

    Raises:
        ClientError: if the emulator refuses a call.
        BotoCoreError: if the emulator does not answer.
    """
    counts, scanned, is_complete = Counter[str](), 0, True
    pages = client.get_paginator("scan").paginate(TableName=table, ProjectionExpression="PK")
    for page in pages:
        if scanned >= _MOST_SCANNED:
            is_complete = False
            break
        keys = [decode(item)["PK"] for item in page["Items"]]
        scanned += len(keys)
        counts.update(key for key in keys if key.startswith(prefix))
    ordered = sorted(counts.items())
    return Partitions(ordered[:_MOST_PARTITIONS], len(ordered), is_complete)


def list_items(client: "DynamoDBClient", table: str, partition: str, after: str | None) -> Items:
    """Return the items of a partition by sort key.

    Args:
        client: the client to read with.
        table: the table's name.
        partition: the `PK`.
        after: the sort key before the first item; None for the start.

    Raises:
        ClientError: if the emulator refuses a call.
        BotoCoreError: if the emulator does not answer.
    """
    start: dict[str, Any] = {"ExclusiveStartKey": encode_key((partition, after))} if after else {}
    page = client.query(
        TableName=table,
        KeyConditionExpression="PK = :partition",
        ExpressionAttributeValues={":partition": {"S": partition}},
        Limit=_PAGE,
        **start,
    )
    last = page.get("LastEvaluatedKey")
    return Items([_read(item) for item in page["Items"]], decode(last)["SK"] if last else None)


def _read(item: "dict[str, AttributeValueTypeDef]") -> Item:
    others = sorted(item.keys() - {"PK", "SK"})
    return Item(decode(item)["SK"], [_describe(name, item[name]) for name in others])


def _describe(name: str, attribute: "AttributeValueTypeDef") -> Attribute:
    ((kind, value),) = attribute.items()
    text = _write(decode({"value": attribute})["value"] if kind != "N" else value)
    return Attribute(name, kind, text[:_MOST_CHARACTERS], max(0, len(text) - _MOST_CHARACTERS))


def _write(value: object) -> str:
    """Return a text as it is, and any other value as JSON."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=1, default=_write_special)


def _write_special(value: object) -> object:
    """Return a set as a list, bytes in Base64, and a number as its digits."""
    if isinstance(value, set):
        return sorted(cast("set[Any]", value), key=str)
    if isinstance(value, Binary):
        # boto3's type for bytes, without type hints.
        binary: Any = value
        return b64encode(binary.value).decode()
    return str(value)
