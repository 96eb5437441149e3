"""The rules of a table at rest: lists, counts, slugs, views and visits agree with the items."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from src.api.kinds import KINDS
from src.models.content import Content, SluggedContent
from src.repositories.content_index import (
    ContentKind,
    index_entries,
    item_counts,
    item_key,
    slug_key,
)
from src.repositories.table import Item, Key

type Stored = Mapping[Key, Item]


def assert_agreement(stored: Stored) -> None:
    """Check that everything in a table agrees; a count of 0 may stay, and so may dead shards."""
    assert_content_agrees(stored)
    assert_visits_agree(stored)
    assert_views_agree(stored)


def assert_content_agrees(stored: Stored) -> None:
    """Check entries, slugs and counts of every kind against the items."""
    expected: dict[Key, Item] = {}
    counts: Counter[tuple[Key, str]] = Counter()
    for kind in _kinds():
        for item in items_of(stored, kind):
            assert item_key(kind, item.id) in stored
            expected |= index_entries(kind, item)
            if isinstance(item, SluggedContent):
                expected[slug_key(kind, item.slug)] = {"id": item.id}
            counts += item_counts(kind, item)
    found = {key: item for key, item in stored.items() if key[0].partition("#")[0] in _names()}
    counted = {key: found.pop(key) for key in list(found) if key[0].endswith("#counts")}
    assert {key: item for key, item in found.items() if key[1] != "item"} == expected
    numbers = {(key, name): int(item[name]) for key, item in counted.items() for name in item}
    assert {key: number for key, number in numbers.items() if number} == counts


def assert_visits_agree(stored: Stored) -> None:
    """Check that the visits of all time are those of the days, and those of the sessions."""
    total = sum(int(item["visits"]) for item in _partition(stored, "visitors").values())
    days = _partition(stored, "visitors#days").values()
    assert total == sum(int(visits) for day in days for visits in day.values())
    assert total == len(_sessions(stored, "visit"))


def assert_views_agree(stored: Stored) -> None:
    """Check that an item's views are those of its shards and sessions, and the total their sum."""
    total = 0
    for kind in _kinds():
        views = _partition(stored, f"views#{kind.name}")
        for item in items_of(stored, kind):
            shards = _partition(stored, f"views#{kind.name}#{item.id}").values()
            counted = sum(int(shard["counted"]) for shard in shards)
            assert int(views.get(item.id, {}).get("views", 0)) == counted
            assert counted == len(_sessions(stored, f"{kind.name}#{item.id}"))
            total += counted
    assert total == sum(int(item["total"]) for item in _partition(stored, "views").values())


def items_of(stored: Stored, kind: ContentKind[Any]) -> list[Content]:
    """Return the items of a kind."""
    found = [item for key, item in stored.items() if _is_item(key, kind)]
    return [kind.model.model_validate(item) for item in found]


def _is_item(key: Key, kind: ContentKind[Any]) -> bool:
    return key[1] == "item" and key[0].partition("#")[0] == kind.name


def _kinds() -> list[ContentKind[Any]]:
    return [api.kind for api in KINDS]


def _names() -> set[str]:
    return {kind.name for kind in _kinds()}


def _partition(stored: Stored, name: str) -> dict[str, Item]:
    return {key[1]: item for key, item in stored.items() if key[0] == name}


def _sessions(stored: Stored, subject: str) -> list[Key]:
    return [key for key in stored if key[0].startswith("session#") and key[1] == subject]
