"""The content and counters of a stage, read and written through the backend's repositories."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from portfolio.migration.conversion import APIS
from portfolio.migration.layout import MARKS
from src.models.content import Content, ListQuery, Status, StatusFilter
from src.repositories.attempts import attempts
from src.repositories.content import ContentRepository, Restored
from src.repositories.table import TRANSACTION_ACTIONS
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository
from src.utils.errors import ServiceUnavailableError

if TYPE_CHECKING:
    from src.api.content import ContentApi
    from src.repositories.table import Action, Table
    from src.repositories.visitors import VisitCount

_PAGE: Final = 100


@dataclass(frozen=True)
class StoredContent:
    """The content of a stage at one moment."""

    items: Mapping[str, Mapping[str, Content]]
    """The items, by the kind's name in analytics, then by id."""

    listed: Mapping[str, int]
    """Number of items by the counts of drafts and published ones."""

    views: Mapping[str, Mapping[str, int]]
    """Views, by the kind's name in analytics, then by id."""

    marked: Collection[str]
    """The items of earlier runs: the kind's name in analytics, `#` and the id."""

    def was_deleted(self, content_type: str, content_id: str) -> bool:
        """Return True for an item that an earlier run wrote, and an owner deleted."""
        is_marked = f"{content_type}#{content_id}" in self.marked
        return is_marked and content_id not in self.items[content_type]


class StageContent:
    """A stage's repositories."""

    def __init__(self, table: "Table") -> None:
        self._table = table

    def read(self) -> StoredContent:
        """Read all content, through its lists, and the views."""
        views = ViewRepository(self._table)
        return StoredContent(
            {name: {item.id: item for item in self._list(api)} for name, api in APIS.items()},
            {name: self._count(api) for name, api in APIS.items()},
            {name: views.count_each(api.kind) for name, api in APIS.items()},
            {mark["SK"] for mark in self._table.query(MARKS)},
        )

    def mark(self, items: Iterable[str]) -> None:
        """Remember migrated items: a later run must not write a deleted one again."""
        self._transact([self._table.put((MARKS, item), {}) for item in items])

    def unmark(self) -> None:
        """Forget the migrated items."""
        marks = list(self._table.query(MARKS))
        self._transact([self._table.delete((MARKS, mark["SK"])) for mark in marks])

    def _transact(self, actions: Sequence["Action"]) -> None:
        for some in batched(actions, TRANSACTION_ACTIONS):
            if not any(self._table.transact(some).committed for _ in attempts()):
                raise ServiceUnavailableError("Another migration is at work: wait for its end.")

    def restore(self, api: "ContentApi[Any]", item: Content) -> Restored:
        """Store a complete item; raises as `ContentRepository.restore` does."""
        return ContentRepository(api.kind, self._table).restore(item)

    def restore_views(self, api: "ContentApi[Any]", content_id: str, views: int) -> None:
        """Set the views of an item."""
        ViewRepository(self._table).restore(api.kind, content_id, views)

    def read_days(self, days: Collection[date]) -> Mapping[date, int]:
        """Return the visits of these days, and of those between them."""
        if not days:
            return {}
        first, end = min(days), datetime.combine(max(days), time(), UTC)
        count = (end.date() - first).days + 1
        return dict(VisitorRepository(self._table, lambda: end).daily(count))

    def restore_day(self, day: date, visits: int) -> None:
        """Set the visits of a day."""
        VisitorRepository(self._table).restore(day, visits)

    def read_total(self) -> "VisitCount":
        """Return the visits of all time."""
        return VisitorRepository(self._table).count()

    def restore_total(self, visits: int, last: datetime | None) -> None:
        """Set the visits of all time."""
        VisitorRepository(self._table).restore_total(visits, last)

    def _list(self, api: "ContentApi[Any]") -> Iterator[Content]:
        repository, offset, total = ContentRepository(api.kind, self._table), 0, 1
        while offset < total:
            query = ListQuery(status=StatusFilter.ALL, limit=_PAGE, offset=offset)
            page = repository.find(query)
            yield from page.items
            offset, total = offset + _PAGE, page.total

    def _count(self, api: "ContentApi[Any]") -> int:
        repository = ContentRepository(api.kind, self._table)
        queries = (ListQuery(status=StatusFilter.of(status), limit=1) for status in Status)
        return sum(repository.find(query).total for query in queries)
