"""Visits, counted in total and by day.

=================== ================= ========================================================
PK                  SK                holds
=================== ================= ========================================================
`visitors`          `<shard>`         the visits of all time, and the time of the last one
`visitors#days`     `2026-01#<shard>` the visits of a month (UTC), an attribute for a day
`session#<session>` `visit`           the end of its window
=================== ================= ========================================================

A count is the sum of its shards, and the last visit is the last one of any shard. `shards.py`
explains the further keys of a larger setting `counterShards`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from src.models.times import Clock, utc_now
from src.repositories.attempts import attempts
from src.repositories.conditions import ABSENT, absent, equal
from src.repositories.session_windows import SessionWindow
from src.repositories.shards import (
    SHARDS,
    ShardedCount,
    place_of,
    point_to,
    read_shards,
    replace_shards,
    shard_of,
    sum_of,
)
from src.repositories.table import Action, Item, Table
from src.utils.errors import ServiceUnavailableError

_TOTAL: Final = "visitors"
_DAYS: Final = "visitors#days"
_COUNT: Final = "visits"
_LAST: Final = "lastVisit"


class VisitCount(NamedTuple):
    """The visits of all time."""

    total: int

    last: datetime | None
    """Time of the last counted visit, to the second; None before the first visit."""


class Visit(NamedTuple):
    """The result of tracking a visit."""

    total: int
    """Visits of all time."""

    tracked: bool


class VisitorRepository:
    """Counts of visits: each session counts once a day (UTC).

    Args:
        table: the table.
        clock: function for the time.
        shards: number of shards that new visits add to, a multiple of 64.
    """

    def __init__(self, table: Table, clock: Clock = utc_now, shards: int = SHARDS) -> None:
        self._table = table
        self._clock = clock
        self._shards = shards

    def track(self, session: str) -> Visit:
        """Count a visit, unless the session has been counted today.

        Raises:
            ServiceUnavailableError: if too many visits come at the same time.
        """
        now = self._clock()
        window = SessionWindow(session, "visit", now, _midnight_after(now))
        # Most visits are repeated ones: a read first saves them a failed transaction.
        if window.is_counted(self._table.get(window.key)):
            return Visit(self.count().total, tracked=False)
        place = place_of(session, self._shards)
        total = ShardedCount(_TOTAL, _COUNT)
        day = ShardedCount(_DAYS, f"{now:%d}", prefix=f"{now:%Y-%m}#")
        point_to(self._table, place, [total, day])
        # In seconds, as a number: all shards of a key must stay within one read unit, 4 KB.
        last = {_LAST: int(now.timestamp())}
        added = [
            self._table.add(total.key(place), {total.attribute: 1}, last),
            self._table.add(day.key(place), {day.attribute: 1}),
        ]
        outcome = window.count(self._table, added)
        return Visit(self.count().total, outcome.committed)

    def count(self) -> VisitCount:
        """Return the visits of all time."""
        own, further = read_shards(self._table, _TOTAL)
        return _sum([*own, *further])

    def restore(self, day: date, count: int) -> bool:
        """Set the visits of a day, and return True if they were other ones.

        The visits of all time stay: `restore_total` sets them.

        Raises:
            ServiceUnavailableError: if every attempt conflicts with visits.
        """
        name = f"{day:%d}"
        for _ in attempts():
            own, further = read_shards(self._table, _DAYS, prefix=f"{day:%Y-%m}#")
            counts = {shard["SK"]: int(shard[name]) for shard in own if name in shard}
            # Those under further keys stay: nothing moves while others read.
            rest = count - sum_of(further, name)
            if sum(counts.values()) == rest:
                return False
            if self._table.transact(self._set(day, counts, rest)).committed:
                return True
        raise _too_many()

    def restore_new_month(self, counts: Mapping[date, int]) -> bool:
        """Set the visits of days of one month, and return True; False if the month has visits."""
        month = f"{min(counts):%Y-%m}"
        if any(self._table.query(_DAYS, prefix=f"{month}#", limit=1)):
            return False
        visits = {f"{day:%d}": count for day, count in counts.items()}
        new = self._table.put((_DAYS, f"{month}#{shard_of(month)}"), visits, ABSENT)
        return self._table.transact([new]).committed

    def _set(self, day: date, stored: Mapping[str, int], count: int) -> list[Action]:
        """Return the actions to leave the visits of a day in one of its shards."""
        name, kept = f"{day:%d}", f"{day:%Y-%m}#{shard_of(day.isoformat())}"
        wanted = dict.fromkeys(stored, 0) | {kept: count}
        return [
            self._table.add(
                (_DAYS, shard),
                {name: visits - stored.get(shard, 0)},
                condition=equal({name: stored[shard]}) if shard in stored else absent(name),
            )
            for shard, visits in wanted.items()
        ]

    def restore_total(self, total: int, last: datetime | None = None) -> bool:
        """Set the visits of all time, and return True if they were other ones.

        Args:
            total: the number of visits.
            last: the time of the last visit (default: the stored one).

        Raises:
            ServiceUnavailableError: if every attempt conflicts with visits.
        """
        for _ in attempts():
            own, further = read_shards(self._table, _TOTAL)
            stored = _sum([*own, *further])
            wanted = VisitCount(total, last.replace(microsecond=0) if last else stored.last)
            if stored == wanted:
                return False
            # Visits under further keys stay: nothing moves while others read.
            rest = wanted._replace(total=total - _sum(further).total)
            actions = replace_shards(
                self._table, (_TOTAL, shard_of(_TOTAL)), own, _to_attributes(rest)
            )
            is_last = self._forget_later(further, wanted)
            if is_last and self._table.transact(actions).committed:
                return True
        raise _too_many()

    def _forget_later(self, shards: Sequence[Item], wanted: VisitCount) -> bool:
        """Remove the times after the wanted last visit; return False if a visit came first."""
        later = [shard for shard in shards if _LAST in shard and _is_later(shard, wanted)]
        return all(
            self._table.remove((shard["PK"], shard["SK"]), [_LAST], equal({_LAST: shard[_LAST]}))
            for shard in later
        )

    def daily(self, days: int) -> list[tuple[date, int]]:
        """Return the visits of the last days, today last."""
        today = self._clock().date()
        dates = [today - timedelta(days=ago) for ago in reversed(range(days))]
        counts = self._counts(dates[0])
        return [(day, counts[day]) for day in dates]

    def monthly(self, months: int) -> list[tuple[date, int]]:
        """Return the visits of the last months, each with its first day, this month last."""
        today = self._clock()
        # Months since the year 0: dates have no arithmetic for months.
        this_month = 12 * today.year + today.month - 1
        numbers = (divmod(this_month - ago, 12) for ago in reversed(range(months)))
        dates = [date(year, month + 1, 1) for year, month in numbers]
        counts: Counter[date] = Counter()
        for day, visits in self._counts(dates[0]).items():
            counts[day.replace(day=1)] += visits
        return [(month, counts[month]) for month in dates]

    def counted_days(self) -> dict[date, int]:
        """Return the visits of all days that have some, the first day first."""
        return {day: visits for day, visits in sorted(self._counts(date.min).items()) if visits}

    def _counts(self, first: date) -> Counter[date]:
        """Return the visits by day, from the month of the first day on."""
        counts: Counter[date] = Counter()
        # Without a last month: another container's clock may be ahead.
        own, further = read_shards(self._table, _DAYS, first=f"{first:%Y-%m}")
        for item in [*own, *further]:
            month, _, _ = item["SK"].partition("#")
            for name in item.keys() - {"PK", "SK"}:
                counts[date.fromisoformat(f"{month}-{name}")] += int(item[name])
        return counts


def _sum(shards: Sequence[Item]) -> VisitCount:
    last = max((int(shard[_LAST]) for shard in shards if _LAST in shard), default=None)
    return VisitCount(
        total=sum(int(shard[_COUNT]) for shard in shards),
        last=None if last is None else datetime.fromtimestamp(last, UTC),
    )


def _to_attributes(count: VisitCount) -> Item:
    # In seconds, as a number: all shards together must stay within one read unit, 4 KB.
    last = {} if count.last is None else {_LAST: int(count.last.timestamp())}
    return {_COUNT: count.total, **last}


def _is_later(shard: Item, wanted: VisitCount) -> bool:
    return wanted.last is None or int(shard[_LAST]) > wanted.last.timestamp()


def _too_many() -> ServiceUnavailableError:
    return ServiceUnavailableError("Too many visitors at the same time: try again in a moment.")


def _midnight_after(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=1), time(), UTC)
