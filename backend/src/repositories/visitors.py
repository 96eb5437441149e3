"""Visits, counted in total, by day and by month.

=================== ============ ===========================
PK                  SK           holds
=================== ============ ===========================
`visitors`          `total`      the visits of all time
`visitors#days`     `2026-01-31` the visits of a day (UTC)
`visitors#months`   `2026-01`    the visits of a month (UTC)
`session#<session>` `visit`      the end of its window
=================== ============ ===========================
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from src.models.times import Clock, utc_now
from src.repositories.session_windows import SessionWindow
from src.repositories.table import Item, Key, Table

_TOTAL: Final[Key] = ("visitors", "total")
_DAYS: Final = "visitors#days"
_MONTHS: Final = "visitors#months"
_COUNT: Final = "visits"


class Visit(NamedTuple):
    """The result of tracking a visit."""

    total: int
    """Visits of all time."""

    tracked: bool


class VisitorRepository:
    """Counts of visits: each session counts once a day (UTC)."""

    def __init__(self, table: Table, clock: Clock = utc_now) -> None:
        self._table = table
        self._clock = clock

    def track(self, session: str) -> Visit:
        """Count a visit, unless the session has been counted today.

        Raises:
            ServiceUnavailableError: if too many visits come at the same time.
        """
        now = self._clock()
        window = SessionWindow(session, "visit", now, _midnight_after(now))
        # Most visits are repeated ones: a read first saves them a failed transaction.
        stored = self._table.get_many([window.key, _TOTAL])
        if window.is_counted(stored.get(window.key)):
            return Visit(_visits(stored.get(_TOTAL)), tracked=False)
        keys = (_TOTAL, (_DAYS, f"{now:%Y-%m-%d}"), (_MONTHS, f"{now:%Y-%m}"))
        outcome = window.count(self._table, [self._table.add(key, {_COUNT: 1}) for key in keys])
        return Visit(self.count(), outcome.committed)

    def count(self) -> int:
        """Return the visits of all time."""
        return _visits(self._table.get(_TOTAL))

    def daily(self, days: int) -> list[tuple[date, int]]:
        """Return the visits of the last days, today last."""
        counts = self._counts(_DAYS, days)
        today = self._clock().date()
        dates = [today - timedelta(days=ago) for ago in reversed(range(days))]
        return [(day, counts.get(day.isoformat(), 0)) for day in dates]

    def monthly(self, months: int) -> list[tuple[date, int]]:
        """Return the visits of the last months, each with its first day, this month last."""
        counts = self._counts(_MONTHS, months)
        today = self._clock()
        # Months since the year 0: dates have no arithmetic for months.
        this_month = 12 * today.year + today.month - 1
        numbers = (divmod(this_month - ago, 12) for ago in reversed(range(months)))
        dates = [date(year, month + 1, 1) for year, month in numbers]
        return [(month, counts.get(f"{month:%Y-%m}", 0)) for month in dates]

    def _counts(self, partition: str, limit: int) -> dict[str, int]:
        return {item["SK"]: _visits(item) for item in self._table.query(partition, limit=limit)}


def _visits(item: Item | None) -> int:
    return int(item[_COUNT]) if item else 0


def _midnight_after(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=1), time(), UTC)
