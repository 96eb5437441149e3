"""Writing of a content file to a stage's table, through the backend's repositories."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from portfolio.content.comparison import Change, ItemKey, StageContent
from portfolio.content.records import DayRecord, EndRecord, ItemRecord, Record, TotalRecord
from src.api.kinds import KINDS
from src.repositories.content import ContentRepository
from src.repositories.new_content import MOST_AT_ONCE, ItemWithViews, restore_new
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository

if TYPE_CHECKING:
    from src.models.content import Content
    from src.repositories.content_index import ContentKind
    from src.repositories.table import Table

type Advance = Callable[[], object]
"""A function to call after each line, for a progress bar."""

_KINDS: Final = {api.kind.name: api.kind for api in KINDS}


class ContentWriter:
    """Writes the records that a stage does not have yet; so a repeated import goes on."""

    def __init__(self, table: "Table", stage: StageContent, advance: Advance) -> None:
        self._table = table
        self._stage = stage
        self._advance = advance
        self._views = ViewRepository(table)
        self._visitors = VisitorRepository(table)
        self._new: list[ItemRecord] = []
        self._days: list[DayRecord] = []

    def delete(self, items: Iterable[ItemKey]) -> None:
        """Delete items of the stage with their views."""
        for key in items:
            self._repository(_KINDS[key.kind]).delete(key.id)
            self._advance()

    def write(self, records: Iterable[Record]) -> None:
        """Write the records.

        Raises:
            SlugTakenError: if an item created in the meantime has the slug of another one.
            ServiceUnavailableError: if other writes are in the way for seconds.
        """
        for record in records:
            change = self._stage.change_of(record)
            if change is Change.UNCHANGED:
                self._advance()
            elif isinstance(record, DayRecord):
                self._add_day(record)
            elif change is Change.NEW and isinstance(record, ItemRecord):
                self._add_new(record)
            else:
                self._write_one(record)
        self._store_all_new()
        self._store_days()

    def _add_day(self, record: DayRecord) -> None:
        # A request stores the days of one month.
        if self._days and self._days[0].date.replace(day=1) != record.date.replace(day=1):
            self._store_days()
        self._days.append(record)

    def _store_days(self) -> None:
        days, self._days = self._days, []
        counts = {record.date: record.visitors for record in days}
        if counts and self._visitors.restore_new_month(counts):
            self._advance_by(len(days))
        else:
            for record in days:
                self._write_one(record)

    def _add_new(self, record: ItemRecord) -> None:
        # A transaction stores items of one kind.
        if self._new and self._new[0].api is not record.api:
            self._store_all_new()
        self._new.append(record)
        if len(self._new) == MOST_AT_ONCE:
            self._store_some_new()

    def _store_all_new(self) -> None:
        while self._new:
            self._store_some_new()

    def _store_some_new(self) -> None:
        first = self._new[0]
        items = [ItemWithViews(record.item, record.views) for record in self._new]
        stored = restore_new(self._table, first.api.kind, items)
        if stored:
            self._advance_by(stored)
        else:
            # One of them exists by now, or was deleted less than a day ago.
            self._write_one(first)
        del self._new[: stored or 1]

    def _write_one(self, record: Record) -> None:
        match record:
            case ItemRecord(api, item, views):
                self._repository(api.kind).restore(item)
                self._views.restore(api.kind, item.id, views)
            case DayRecord(day, visitors):
                self._visitors.restore(day, visitors)
            case TotalRecord(visitors, last):
                self._visitors.restore_total(visitors, last)
            case EndRecord():
                pass
        self._advance()

    def _advance_by(self, lines: int) -> None:
        for _ in range(lines):
            self._advance()

    def _repository(self, kind: "ContentKind[Any]") -> "ContentRepository[Content]":
        return ContentRepository(kind, self._table)
