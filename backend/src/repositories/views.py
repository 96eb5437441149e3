"""Views of content, counted by item and in total.

=================== ============= ==============================================
PK                  SK            holds
=================== ============= ==============================================
`views#<kind>`      `<id>`        the views of an item; the index sorts them
`views`             `total`       the views of all existing items
`session#<session>` `<kind>#<id>` the end of the session's window
=================== ============= ==============================================
"""

from datetime import timedelta
from typing import Any, Final, NamedTuple

from src.models.times import Clock, utc_now
from src.repositories.conditions import ABSENT, PRESENT, equal
from src.repositories.content_index import ContentKind, is_content_id, published_key
from src.repositories.session_windows import SessionWindow
from src.repositories.table import Action, Item, Key, Table
from src.utils.errors import NotFoundError

VIEWS_INDEX: Final = "by-views"
"""Name of the global secondary index with the sort key `views`."""

_WINDOW: Final = timedelta(days=30)
_VIEWS: Final = "views"
_TOTAL: Final[Key] = ("views", "total")
# Not `views`: the index must not have it.
_TOTAL_VIEWS: Final = "total"
_CONTENT_ACTION: Final = 1


class View(NamedTuple):
    """The result of tracking a view."""

    views: int
    tracked: bool


class ViewRepository:
    """Counts of views: each session counts once per item in 30 days."""

    def __init__(self, table: Table, clock: Clock = utc_now) -> None:
        self._table = table
        self._clock = clock

    def track(self, kind: ContentKind[Any], content_id: str, session: str) -> View:
        """Count a view, unless one of the session was counted in the last 30 days.

        Raises:
            NotFoundError: if the item does not exist or is a draft.
            ServiceUnavailableError: if too many views come at the same time.
        """
        if not is_content_id(content_id):
            raise _missing(kind)
        now = self._clock()
        window = SessionWindow(session, f"{kind.name}#{content_id}", now, now + _WINDOW)
        views, published = _views_key(kind, content_id), published_key(kind, content_id)
        # Most views are repeated ones: a read first saves them a failed transaction.
        stored = self._table.get_many([window.key, views, published])
        if published not in stored:
            raise _missing(kind)
        if window.is_counted(stored.get(window.key)):
            return View(_count(stored.get(views)), tracked=False)
        outcome = window.count(
            self._table,
            [
                self._table.check(published, PRESENT),
                self._table.add(views, {_VIEWS: 1}),
                self._table.add(_TOTAL, {_TOTAL_VIEWS: 1}),
            ],
        )
        if outcome.condition_failed(_CONTENT_ACTION):
            raise _missing(kind)
        return View(self.count(kind, content_id), outcome.committed)

    def count(self, kind: ContentKind[Any], content_id: str) -> int:
        """Return the views of an item; 0 for an unknown one."""
        if not is_content_id(content_id):
            return 0
        return _count(self._table.get(_views_key(kind, content_id)))

    def count_each(self, kind: ContentKind[Any]) -> dict[str, int]:
        """Return the views of the items of a kind by id; items without views are missing."""
        return {item["SK"]: _count(item) for item in self._table.query(_partition(kind))}

    def most_viewed(self, kind: ContentKind[Any], limit: int) -> list[tuple[str, int]]:
        """Return the ids and views of the most viewed items, the most viewed first.

        The index follows the table a moment later: a deleted item may still be there, and a new one
        may be missing.
        """
        items = self._table.query(_partition(kind), index=VIEWS_INDEX, limit=limit)
        return [(item["SK"], _count(item)) for item in items]

    def total(self) -> int:
        """Return the views of all existing items."""
        item = self._table.get(_TOTAL)
        return int(item[_TOTAL_VIEWS]) if item else 0


def forget_views(table: Table, kind: ContentKind[Any], content_id: str) -> list[Action]:
    """Return the actions to remove the views of a deleted item; another view cancels them."""
    key = _views_key(kind, content_id)
    item = table.get(key)
    if item is None:
        return [table.delete(key, ABSENT)]
    views = _count(item)
    return [table.delete(key, equal({_VIEWS: views})), table.add(_TOTAL, {_TOTAL_VIEWS: -views})]


def _partition(kind: ContentKind[Any]) -> str:
    return f"views#{kind.name}"


def _views_key(kind: ContentKind[Any], content_id: str) -> Key:
    return _partition(kind), content_id


def _count(item: Item | None) -> int:
    return int(item[_VIEWS]) if item else 0


def _missing(kind: ContentKind[Any]) -> NotFoundError:
    return NotFoundError(f"There is no published {kind.name} with this id.")
