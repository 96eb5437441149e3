"""The plan of a migration: each old item is converted, skipped or left."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from portfolio.migration.conversion import API_OF, APIS, Converted, convert
from portfolio.migration.counters import (
    Day,
    Total,
    Views,
    convert_day,
    convert_total,
    convert_views,
)
from portfolio.migration.layout import LEFT, OldItem, OldKind
from portfolio.migration.repairs import SkippedError
from src.models.content import SLUG_SUFFIX_LENGTH, SluggedContent, Status

if TYPE_CHECKING:
    from portfolio.migration.stage_content import StoredContent

_BEFORE_ID: Final = 150
"""Limit of a slug before the complete id of an item."""


@dataclass(frozen=True)
class Skipped:
    """An old item without a place in this project, and the reason."""

    old: OldItem
    reason: str


@dataclass
class Plan:
    """The converted items, and the others."""

    content: list[Converted] = field(default_factory=list[Converted])
    views: list[Views] = field(default_factory=list[Views])
    days: list[Day] = field(default_factory=list[Day])
    total: Total | None = None
    skipped: list[Skipped] = field(default_factory=list[Skipped])
    left: list[OldItem] = field(default_factory=list[OldItem])
    deleted: list[OldItem] = field(default_factory=list[OldItem])
    """Items of an earlier run that an owner deleted in the stage, and their views."""

    @property
    def visits(self) -> int:
        """The visits of all time: at least the sum of the days."""
        days = sum(day.count for day in self.days)
        return max(self.total.count, days) if self.total else days

    def attempt[T](self, old: OldItem, conversion: Callable[[OldItem], T]) -> T | None:
        """Return the converted item, or None after a note of the reason."""
        try:
            return conversion(old)
        except SkippedError as error:
            self.skipped.append(Skipped(old, str(error)))
            return None


def make_plan(old: Sequence[OldItem], stored: "StoredContent") -> Plan:
    """Convert all old items, in the same order each time.

    Args:
        old: the old items.
        stored: the content of the stage.
    """
    plan = Plan()
    ordered = sorted(old, key=lambda item: (item.kind, item.id))
    for item in (each for each in ordered if each.kind in API_OF):
        if stored.was_deleted(API_OF[item.kind].content_type, item.id):
            plan.deleted.append(item)
        elif converted := plan.attempt(item, convert):
            plan.content.append(converted)
    plan.content = list(_with_unique_slugs(plan.content, stored))
    existing = _existing(plan.content, stored)
    deleted = {f"{API_OF[item.kind].content_type}#{item.id}" for item in plan.deleted}
    for item in ordered:
        if item.kind is OldKind.VIEWS and item.id in deleted:
            plan.deleted.append(item)
        elif item.kind not in API_OF:
            _add_other(plan, item, existing)
    for item in (each for each in ordered if each.kind is OldKind.TOTAL):
        plan.total = plan.attempt(item, partial(convert_total, days=plan.visits))
    return plan


def _add_other(plan: Plan, item: OldItem, existing: Mapping[str, set[str]]) -> None:
    if item.kind in LEFT:
        plan.left.append(item)
    elif item.kind is OldKind.UNKNOWN:
        plan.skipped.append(Skipped(item, "its keys are unknown"))
    elif item.kind is OldKind.DAY:
        if day := plan.attempt(item, convert_day):
            plan.days.append(day)
    elif item.kind is OldKind.VIEWS and (
        views := plan.attempt(item, partial(convert_views, existing=existing))
    ):
        plan.views.append(views)


def _existing(content: Sequence[Converted], stored: "StoredContent") -> Mapping[str, set[str]]:
    """Return the ids of all content after the migration, by kind."""
    existing = {name: set(stored.items[name]) for name in APIS}
    for converted in content:
        existing[converted.api.content_type].add(converted.id)
    return existing


def _with_unique_slugs(
    content: Sequence[Converted], stored: "StoredContent"
) -> Iterator[Converted]:
    """Yield the items; a slug stays with the published item, then with the older one."""
    moved = {(converted.api.content_type, converted.id) for converted in content}
    taken = {
        (name, item.slug)
        for name, items in stored.items.items()
        for item in items.values()
        if isinstance(item, SluggedContent) and (name, item.id) not in moved
    }
    for converted in sorted(content, key=_right_to_a_slug):
        free = converted
        if isinstance(converted.item, SluggedContent):
            for slug in slugs(converted.item):
                if (converted.api.content_type, slug) not in taken:
                    taken.add((converted.api.content_type, slug))
                    free = converted if slug == converted.item.slug else converted.with_slug(slug)
                    break
        yield free


def slugs(item: SluggedContent) -> tuple[str, str, str]:
    """Return the slugs for an item, in the order of preference; the last one is unique."""
    return (
        item.slug,
        f"{item.slug}-{item.id[:SLUG_SUFFIX_LENGTH]}",
        f"{item.slug[:_BEFORE_ID]}-{item.id}",
    )


def _right_to_a_slug(converted: Converted) -> tuple[bool, object, str]:
    item = converted.item
    return item.status is not Status.PUBLISHED, item.created_at, item.id
