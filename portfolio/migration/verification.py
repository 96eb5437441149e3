"""Comparison of the old items with the stage, after everything was written and read again."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portfolio.migration.conversion import API_OF, Converted
from portfolio.migration.counters import Day, Total, Views
from portfolio.migration.layout import OldKind

if TYPE_CHECKING:
    from portfolio.migration.carry import Record
    from portfolio.migration.stage_content import StageContent, StoredContent


@dataclass(frozen=True)
class Pair:
    """An item on both sides: digests of its fields, or counts."""

    id: str
    old: str
    new: str
    is_newer: bool
    """True if the stage has a later change, or a greater count."""

    @property
    def differs(self) -> bool:
        """True if the stage neither has the old fields nor later ones."""
        return self.old != self.new and not self.is_newer


@dataclass
class Verified:
    """The items of a kind on both sides."""

    pairs: list[Pair] = field(default_factory=list[Pair])
    problems: list[str] = field(default_factory=list[str])
    """Differences, one sentence each."""

    @property
    def newer(self) -> int:
        """Number of items with a later change or a greater count in the stage."""
        return sum(pair.is_newer for pair in self.pairs)

    @property
    def found(self) -> int:
        """Number of existing items in the stage."""
        return sum(bool(pair.new) for pair in self.pairs)

    @property
    def equal(self) -> int:
        """Number of equal items."""
        return sum(pair.old == pair.new for pair in self.pairs)

    def hashes(self) -> tuple[str, str]:
        """Return a hash of each side; newer items are left out."""
        same = [pair for pair in self.pairs if not pair.is_newer]
        return _hash(pair.old for pair in same), _hash(pair.new for pair in same)


def verify(records: Sequence["Record"], stage: "StageContent") -> dict[OldKind, Verified]:
    """Read the stage again, and compare it with the converted items."""
    stored = stage.read()
    days = [each.converted.day for each in records if isinstance(each.converted, Day)]
    found = stage.read_days(days)
    verified: dict[OldKind, Verified] = {}
    for record in records:
        match record.converted:
            case Converted() as converted:
                pair = _content_pair(converted, stored)
            case Views(_, api, content_id, count):
                views = stored.views[api.content_type].get(content_id, 0)
                pair = _count_pair(f"{api.content_type}#{content_id}", count, views)
            case Day(_, day, count):
                pair = _count_pair(day.isoformat(), count, found[day])
            case Total(_, count):
                pair = _count_pair("TOTAL", count, stage.read_total().total)
            case None:
                continue
        verified.setdefault(record.old.kind, Verified()).pairs.append(pair)
    for kind, each in verified.items():
        each.problems += [f"{pair.id} differs" for pair in each.pairs if pair.differs]
        each.problems += _list_problems(kind, stored)
    return verified


def _content_pair(converted: Converted, stored: "StoredContent") -> Pair:
    item = stored.items[converted.api.content_type].get(converted.id)
    if item is None:
        return Pair(converted.id, converted.digests(converted.item)[0], "", is_newer=False)
    old, new = converted.digests(item)
    return Pair(converted.id, old, new, is_newer=item.updated_at > converted.item.updated_at)


def _count_pair(name: str, old: int, new: int) -> Pair:
    return Pair(name, str(old), str(new), is_newer=new > old)


def _list_problems(kind: OldKind, stored: "StoredContent") -> list[str]:
    if kind not in API_OF:
        return []
    name = API_OF[kind].content_type
    counted, listed = stored.listed[name], len(stored.items[name])
    return [] if counted == listed else [f"{listed} {kind} are listed, but {counted} counted"]


def _hash(values: Iterable[str]) -> str:
    # In the order of the records, so equal sides have equal hashes.
    return hashlib.sha256("\n".join(values).encode()).hexdigest()
