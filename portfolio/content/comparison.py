"""Comparison of a content file with a stage, before the first write."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from infra.errors import ContentError
from portfolio.content.records import (
    DayRecord,
    EndRecord,
    ItemRecord,
    Record,
    TotalRecord,
    encode,
)
from src.models.content import Content, SluggedContent

if TYPE_CHECKING:
    from portfolio.content.content_file import ContentFile


class ItemKey(NamedTuple):
    """The name of an item's kind, and the item's id."""

    kind: str
    id: str


class Change(StrEnum):
    """The effect of a record on a stage."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class _StoredItem(NamedTuple):
    digest: bytes
    views: int


@dataclass(frozen=True)
class StageContent:
    """The content and counters of a stage, in a few bytes for each item."""

    items: dict[ItemKey, _StoredItem]
    slugs: dict[tuple[str, str], ItemKey]
    """The items by their kind and slug."""

    days: dict[date, int]
    total: TotalRecord

    def change_of(self, record: Record) -> Change:
        """Return the effect of a record on the stage."""
        match record:
            case ItemRecord(item=item, views=views):
                stored = self.items.get(key_of(record))
                is_equal = stored == _StoredItem(_digest(item), views)
                return Change.NEW if stored is None else _change(is_equal)
            case DayRecord(day, visitors):
                return _change(self.days.get(day, 0) == visitors)
            case TotalRecord(visitors, last):
                return _change(self.total == TotalRecord(visitors, last or self.total.last))
            case EndRecord():
                return Change.UNCHANGED

    def holder_of_slug(self, record: ItemRecord) -> ItemKey | None:
        """Return the other item with the slug of this one, or None."""
        if not isinstance(record.item, SluggedContent):
            return None
        holder = self.slugs.get((record.api.kind.name, record.item.slug))
        return None if holder == key_of(record) else holder


@dataclass(frozen=True)
class Comparison:
    """The effect of a file on a stage."""

    items: Counter[tuple[str, Change]]
    """Number of items by kind and change."""

    days: int
    """Number of days whose visitors change."""

    total: bool
    """True if the visitors of all time change."""

    others: list[ItemKey]
    """The stage's items that are not in the file."""


def read_stage(records: Iterable[Record]) -> StageContent:
    """Return the content of a stage from its records."""
    stage = StageContent({}, {}, {}, TotalRecord(0, None))
    total = stage.total
    for record in records:
        match record:
            case ItemRecord(api, item, views):
                key = key_of(record)
                stage.items[key] = _StoredItem(_digest(item), views)
                if isinstance(item, SluggedContent):
                    stage.slugs[api.kind.name, item.slug] = key
            case DayRecord(day, visitors):
                stage.days[day] = visitors
            case TotalRecord():
                total = record
            case EndRecord():
                pass
    return StageContent(stage.items, stage.slugs, stage.days, total)


def compare(file: "ContentFile", stage: StageContent, *, prune: bool) -> Comparison:
    """Return the effect of a file on a stage.

    Args:
        file: the file.
        stage: the stage's content.
        prune: True if the stage's other items are deleted first.

    Raises:
        ContentError: if another item of the stage has the slug of an item of the file.
    """
    changes: Counter[tuple[str, Change]] = Counter()
    taken: list[tuple[int, ItemRecord, ItemKey]] = []
    others, counters = dict.fromkeys(stage.items), Counter[type[Record]]()
    for number, record in file.records():
        change = stage.change_of(record)
        if not isinstance(record, ItemRecord):
            counters[type(record)] += change is not Change.UNCHANGED
            continue
        changes[record.api.kind.name, change] += 1
        others.pop(key_of(record), None)
        if holder := stage.holder_of_slug(record):
            taken.append((number, record, holder))
    for number, _, holder in taken:
        if not prune or holder not in others:
            raise ContentError(
                f"{file.name}: line {number}: item.slug: the {holder.kind} {holder.id} of the "
                "stage has it. Delete that item, or pass --prune to delete all items that are "
                "not in the file."
            )
    return Comparison(changes, counters[DayRecord], counters[TotalRecord] > 0, list(others))


def key_of(record: ItemRecord) -> ItemKey:
    """Return the key of an item."""
    return ItemKey(record.api.kind.name, record.item.id)


def _change(is_equal: bool) -> Change:  # noqa: FBT001 - a comparison
    return Change.UNCHANGED if is_equal else Change.CHANGED


def _digest(item: Content) -> bytes:
    return hashlib.sha256(encode(item.model_dump(by_alias=True))).digest()
