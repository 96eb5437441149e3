"""Writing the converted items into the stage; it can be killed at any moment and repeated.

A transaction writes each item, and an equal one is left alone. A count only grows: visitors of the
stage may have come since an earlier run. An item changed in the stage since stays as it is.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from portfolio.migration.layout import LEFT, OldItem
from portfolio.migration.plan import slugs
from src.models.content import SluggedContent
from src.repositories.content import SlugTakenError

if TYPE_CHECKING:
    from portfolio.migration.conversion import Converted
    from portfolio.migration.counters import Day, Total, Views
    from portfolio.migration.plan import Plan
    from portfolio.migration.stage_content import StageContent, StoredContent


class Outcome(StrEnum):
    """The outcome for an old item."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    LEFT = "left"


DELETED: Final = "was deleted in the stage since, so it stays deleted there"
NEWER: Final = "was changed in the stage since, so it stays as it is there"


@dataclass(frozen=True)
class Record:
    """The outcome for an old item, with its repairs or the reason for it."""

    old: OldItem
    outcome: Outcome
    repairs: tuple[str, ...] = ()
    reason: str | None = None
    converted: "Converted | Views | Day | Total | None" = None


class Carrier:
    """Writes the converted items of a plan."""

    def __init__(self, stage: "StageContent", stored: "StoredContent", *, dry_run: bool) -> None:
        """Write into a stage with this content; a dry run writes nothing."""
        self._stage, self._stored, self._dry_run = stage, stored, dry_run

    def carry(self, plan: "Plan") -> Iterator[Record]:
        """Write the converted items, and yield a record for each old item."""
        yield from self._content(plan)
        if not self._dry_run:
            names = (f"{each.api.content_type}#{each.id}" for each in plan.content)
            self._stage.mark([name for name in names if name not in self._stored.marked])
        for views in plan.views:
            found = self._stored.views[views.api.content_type].get(views.content_id, 0)
            yield self._count(views, found, self._restore_views(views))
        yield from self._visits(plan)
        for skipped in plan.skipped:
            yield Record(skipped.old, Outcome.SKIPPED, reason=skipped.reason)
        for old in plan.deleted:
            yield Record(old, Outcome.UNCHANGED, reason=DELETED)
        for old in plan.left:
            yield Record(old, Outcome.LEFT, reason=LEFT[old.kind])

    def _content(self, plan: "Plan") -> Iterator[Record]:
        waiting, repeated = deque(plan.content), set[str]()
        while waiting:
            converted = waiting.popleft()
            try:
                yield self._item(converted)
            except SlugTakenError:
                # Its owner may get another slug later in this run.
                if converted.id not in repeated:
                    repeated.add(converted.id)
                    waiting.append(converted)
                else:
                    waiting.append(_with_next_slug(converted))

    def _item(self, converted: "Converted") -> Record:
        item, repairs = converted.item, tuple(converted.repairs.reasons.values())
        found = self._stored.items[converted.api.content_type].get(item.id)
        if found == item:
            return Record(converted.old, Outcome.UNCHANGED, repairs, None, converted)
        if found and found.updated_at > item.updated_at:
            return Record(converted.old, Outcome.UNCHANGED, repairs, NEWER, converted)
        if not self._dry_run:
            self._stage.restore(converted.api, item)
        return Record(converted.old, Outcome.WRITTEN, repairs, None, converted)

    def _visits(self, plan: "Plan") -> Iterator[Record]:
        found = self._stage.read_days([day.day for day in plan.days])
        for day in plan.days:
            yield self._count(day, found[day.day], self._restore_day(day))
        stored, last = self._stage.read_total(), plan.total and plan.total.last
        wanted = max(stored.total, plan.visits)
        latest = max((each for each in (stored.last, last) if each), default=None)
        is_equal = (wanted, latest) == stored
        if not is_equal and not self._dry_run:
            self._stage.restore_total(wanted, latest)
        if plan.total:
            outcome = Outcome.UNCHANGED if is_equal else Outcome.WRITTEN
            repairs = tuple(plan.total.repairs.reasons.values())
            yield Record(plan.total.old, outcome, repairs, None, plan.total)

    def _count(self, converted: "Views | Day", found: int, restore: Callable[[], None]) -> Record:
        if found >= converted.count:
            return Record(converted.old, Outcome.UNCHANGED, converted=converted)
        if not self._dry_run:
            restore()
        return Record(converted.old, Outcome.WRITTEN, converted=converted)

    def _restore_views(self, views: "Views") -> Callable[[], None]:
        return lambda: self._stage.restore_views(views.api, views.content_id, views.count)

    def _restore_day(self, day: "Day") -> Callable[[], None]:
        return lambda: self._stage.restore_day(day.day, day.count)


def _with_next_slug(converted: "Converted") -> "Converted":
    """Return an item with a slug of its own: another item of the stage keeps the first one."""
    item = converted.item
    assert isinstance(item, SluggedContent)  # noqa: S101 - only these have a slug
    return converted.with_slug(slugs(item)[-1])
