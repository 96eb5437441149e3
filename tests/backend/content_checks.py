"""Shared parts of the tests of content: fields to send, a clock, and checks of the table."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from src.models.content import ContentInput, SluggedContent
from src.models.post import PostCreate, PostUpdate
from src.repositories.attributes import decode, encode_key
from src.repositories.content_index import (
    ContentKind,
    index_entries,
    item_counts,
    item_key,
    slug_key,
)
from src.repositories.posts import POSTS
from src.repositories.table import Item, Key

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import WriteRequestUnionTypeDef

_BATCH_WRITE_KEYS: Final = 25
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html"""


@dataclass
class SteppingClock:
    """A clock; each reading moves it by a minute."""

    now: datetime = datetime(2026, 1, 31, 9, 30, 0, 123456, UTC)
    step: timedelta = field(default=timedelta(minutes=1))

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now


def post_body(**changes: Any) -> dict[str, Any]:
    """Return the body to create a post."""
    body = {
        "title": "Serverless on a budget",
        "excerpt": "What a quiet API costs.",
        "content": "It costs next to nothing.",
        "category": "Cloud",
        "tags": ["aws", "python"],
    }
    return body | changes


def post_input(**changes: Any) -> PostCreate:
    return PostCreate.model_validate(post_body(**changes))


def post_update(**changes: Any) -> ContentInput:
    return PostUpdate.model_validate(changes)


def read_table(dynamodb: "DynamoDBClient", table_name: str) -> dict[Key, Item]:
    """Return every item in the table."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=table_name, ConsistentRead=True)
    items = [decode(item) for page in pages for item in page["Items"]]
    return {(item.pop("PK"), item.pop("SK")): item for item in items}


def clear_table(dynamodb: "DynamoDBClient", table_name: str) -> None:
    for keys in batched(read_table(dynamodb, table_name), _BATCH_WRITE_KEYS):
        deletions: list[WriteRequestUnionTypeDef] = [
            {"DeleteRequest": {"Key": encode_key(key)}} for key in keys
        ]
        answer = dynamodb.batch_write_item(RequestItems={table_name: deletions})
        assert not answer["UnprocessedItems"]


def assert_consistent(
    dynamodb: "DynamoDBClient", table_name: str, kind: ContentKind[Any] = POSTS
) -> None:
    """Check that entries, slugs and counts match the items of the only kind exactly."""
    stored = read_table(dynamodb, table_name)
    found = [
        kind.model.model_validate(item)
        for (_, sort_key), item in stored.items()
        if sort_key == "item"
    ]
    expected: dict[Key, Item] = {}
    counts: Counter[tuple[Key, str]] = Counter()
    for each in found:
        expected |= index_entries(kind, each)
        if isinstance(each, SluggedContent):
            expected[slug_key(kind, each.slug)] = {"id": each.id}
        counts += item_counts(kind, each)
        assert item_key(kind, each.id) in stored
    others = {
        key: item
        for key, item in stored.items()
        # Views are counted apart; a deleted item leaves a mark there.
        if key[1] != "item" and not key[0].startswith("views")
    }
    partition = f"{kind.name}#counts"
    counted = {key: others.pop(key) for key in list(others) if key[0] == partition}
    assert others == expected
    assert _flatten(counted) == counts


def _flatten(counted: dict[Key, Item]) -> Counter[tuple[Key, str]]:
    numbers = {
        (key, name): int(number) for key, item in counted.items() for name, number in item.items()
    }
    assert all(number >= 0 for number in numbers.values())
    return +Counter(numbers)
