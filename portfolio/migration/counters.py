"""Conversion of the old counters: views of an item, visits of a day and of all time."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from portfolio.migration.conversion import APIS
from portfolio.migration.repairs import Repairs, SkippedError, read_time, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from portfolio.migration.layout import OldItem
    from src.api.content import ContentApi

_MOST: Final = 10**12
"""Limit of a count, far above any real one."""

_YEARS: Final = range(2000, 2101)


@dataclass(frozen=True)
class Views:
    """The views of an item of content."""

    old: "OldItem"
    api: "ContentApi[Any]"
    content_id: str
    count: int


@dataclass(frozen=True)
class Day:
    """The visits of a day (UTC)."""

    old: "OldItem"
    day: date
    count: int


@dataclass(frozen=True)
class Total:
    """The visits of all time."""

    old: "OldItem"
    count: int
    last: datetime | None
    repairs: Repairs


def convert_views(old: "OldItem", existing: "Mapping[str, Collection[str]]") -> Views:
    """Convert the views of an item.

    Args:
        old: the old item.
        existing: the ids of the content that exists after the migration, by kind.

    Raises:
        SkippedError: if the count is wrong, or the item does not exist.
    """
    content_type, _, content_id = old.id.partition("#")
    api = APIS.get(content_type)
    if api is None:
        raise SkippedError(f"{shown(content_type)} is not a kind of content")
    if content_id not in existing[content_type]:
        raise SkippedError("its item does not exist, or is skipped")
    return Views(old, api, content_id, _count(old, "viewCount"))


def convert_day(old: "OldItem") -> Day:
    """Convert the visits of a day.

    Raises:
        SkippedError: if the day or the count is wrong.
    """
    try:
        day = date.fromisoformat(old.id)
    except ValueError:
        raise SkippedError(f"date: {shown(old.id)} is not a date") from None
    if day.year not in _YEARS:
        raise SkippedError(f"date: {shown(old.id)} is out of range")
    return Day(old, day, _count(old, "count"))


def convert_total(old: "OldItem", days: int) -> Total:
    """Convert the visits of all time; the sum of the days replaces a smaller number.

    Raises:
        SkippedError: if the count is wrong.
    """
    repairs, count = Repairs(), _count(old, "totalCount")
    if count < days:
        repairs.note("totalCount", count, f"is less than the sum of the days, so it is {days}")
    last = old.data.get("lastUpdated")
    try:
        moment = read_time(last).replace(microsecond=0)
    except ValueError:
        moment = None
        repairs.note("lastUpdated", last, "is not a time, so it is left out")
    return Total(old, max(count, days), moment, repairs)


def _count(old: "OldItem", name: str) -> int:
    value = old.data.get(name)
    if not isinstance(value, Decimal) or value != value.to_integral_value():
        raise SkippedError(f"{name}: {shown(value)} is not a whole number")
    if not 0 <= value <= _MOST:
        raise SkippedError(f"{name}: {shown(value)} is out of range")
    return int(value)
