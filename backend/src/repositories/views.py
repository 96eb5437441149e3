"""Views of content, counted by item and in total.

=================== ============= ==========================================================
PK                  SK            holds
=================== ============= ==========================================================
`views#<kind>#<id>` `<shard>`     the counted views of an item
`views#<kind>`      `<id>`        the sum of these shards; the index sorts the items
`views#<kind>`      `<id>`        for a day after a deletion: nothing but the end of the day
`views`             `<shard>`     the views of all existing items
`session#<session>` `<kind>#<id>` the end of the session's window
=================== ============= ==========================================================

The first transaction of a view adds to a shard, and meets few others. The second one brings the sum
and the total up to date; in a crowd, one view does it for many. If a container dies in between, the
next view of the item catches up.

`shards.py` explains the further keys of a larger setting `counterShards`.

The transactions of views leave the items of content alone. Otherwise DynamoDB would cancel an
owner's change of an item viewed by a crowd.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import Any, Final, NamedTuple

from src.models.times import Clock, utc_now
from src.repositories.attempts import attempts, optional_cleanup
from src.repositories.conditions import ABSENT, Condition, equal
from src.repositories.content_index import ContentKind, is_content_id, published_key
from src.repositories.session_windows import SessionWindow
from src.repositories.shards import (
    SHARDS,
    Place,
    ShardedCount,
    place_of,
    point_to,
    read_shards,
    replace_shards,
    shard_of,
    sum_of,
    sum_shards,
)
from src.repositories.table import TRANSACTION_ACTIONS, Action, Item, Key, Table
from src.utils.errors import NotFoundError, ServiceUnavailableError

VIEWS_INDEX: Final = "by-views"
"""Name of the global secondary index with the sort key `views`."""

_WINDOW: Final = timedelta(days=30)
_VIEWS: Final = "views"
_TOTAL: Final = "views"
# Not `views`: the index must not have them.
_COUNTED: Final = "counted"
_TOTAL_VIEWS: Final = "total"
_ALL_VIEWS: Final = ShardedCount(_TOTAL, _TOTAL_VIEWS)

_MARKED_FOR: Final = timedelta(days=1)
"""Time to keep the mark of a deleted item: much longer than a view can take."""


class View(NamedTuple):
    """The result of tracking a view."""

    views: int
    tracked: bool


@dataclass(frozen=True)
class _Viewed:
    """An item of content, and the keys of its views."""

    kind: ContentKind[Any]
    content_id: str

    @property
    def published(self) -> Key:
        return published_key(self.kind, self.content_id)

    @property
    def views(self) -> Key:
        return views_key(self.kind, self.content_id)

    @property
    def shards(self) -> str:
        return f"{_partition(self.kind)}#{self.content_id}"

    @property
    def missing(self) -> NotFoundError:
        return NotFoundError(f"There is no published {self.kind.name} with this id.")


class ViewRepository:
    """Counts of views: each session counts once per item in 30 days.

    Args:
        table: the table.
        clock: function for the time.
        shards: number of shards that new views add to, a multiple of 64.
    """

    def __init__(self, table: Table, clock: Clock = utc_now, shards: int = SHARDS) -> None:
        self._table = table
        self._clock = clock
        self._shards = shards

    def track(self, kind: ContentKind[Any], content_id: str, session: str) -> View:
        """Count a view, unless one of the session was counted in the last 30 days.

        Raises:
            NotFoundError: if the item does not exist or is a draft.
            ServiceUnavailableError: if too many views come at the same time.
        """
        viewed = _Viewed(kind, content_id)
        if not is_content_id(content_id):
            raise viewed.missing
        now, place = self._clock(), place_of(session, self._shards)
        window = SessionWindow(session, f"{kind.name}#{content_id}", now, now + _WINDOW)
        # Most views are repeated ones: a read first saves them a failed transaction.
        stored = self._table.get_many([window.key, viewed.published])
        if viewed.published not in stored:
            raise viewed.missing
        tracked = False
        if not window.is_counted(stored.get(window.key)):
            counted = ShardedCount(viewed.shards, _COUNTED)
            point_to(self._table, place, [counted, _ALL_VIEWS])
            count = self._table.add(counted.key(place), {counted.attribute: 1})
            tracked = window.count(self._table, [count]).committed
        return View(self._catch_up(viewed, place), tracked)

    def _catch_up(self, viewed: _Viewed, place: Place) -> int:
        """Bring an item's stored views up to the sum of its shards, and return the sum.

        Raises:
            NotFoundError: if the item was deleted.
        """
        counted = least = 0
        for _ in attempts():
            counted = sum_shards(self._table, viewed.shards, _COUNTED)
            # Read after the sum: a deletion leaves its mark before it removes the shards.
            stored = self._table.get(viewed.views)
            if stored and not _has_views(stored):
                raise viewed.missing
            # Later views store themselves. So another view may have stored all that we have to.
            least = least or counted
            if _count(stored) >= least or self._store(viewed, place, stored, counted):
                break
        return counted

    def _store(self, viewed: _Viewed, place: Place, stored: Item | None, counted: int) -> bool:
        """Store the views of an item; return True if no other view or deletion came first."""
        added = counted - _count(stored)
        outcome = self._table.transact(
            [
                self._table.put(viewed.views, {_VIEWS: counted}, _unchanged(stored)),
                self._table.add(_ALL_VIEWS.key(place), {_TOTAL_VIEWS: added}),
            ]
        )
        return outcome.committed

    def restore(self, kind: ContentKind[Any], content_id: str, views: int) -> bool:
        """Set the views of an item, and return True if they were other ones.

        The total follows.

        Raises:
            NotFoundError: if the item was deleted less than a day ago.
            ServiceUnavailableError: if every attempt conflicts with other views.
        """
        viewed = _Viewed(kind, content_id)
        for _ in attempts():
            own, further = read_shards(self._table, viewed.shards)
            stored = self._table.get(viewed.views)
            if stored and not _has_views(stored):
                raise viewed.missing
            counted = sum_of([*own, *further], _COUNTED)
            if counted == views == _count(stored):
                return False
            # Views under further keys stay: nothing moves while others read.
            rest = views - sum_of(further, _COUNTED)
            if self._table.transact(self._set(viewed, own, rest, stored, views)).committed:
                return True
        raise ServiceUnavailableError("Too many views at the same time: try again in a moment.")

    def _set(
        self, viewed: _Viewed, shards: Sequence[Item], rest: int, stored: Item | None, views: int
    ) -> list[Action]:
        """Return the actions to replace an item's own shards by one with the rest, and its sum."""
        shard = shard_of(viewed.content_id)
        actions = replace_shards(
            self._table, (viewed.shards, shard), shards, {_COUNTED: rest} if rest else None
        )
        if views:
            actions.append(self._table.put(viewed.views, {_VIEWS: views}, _unchanged(stored)))
        elif stored:
            actions.append(self._table.delete(viewed.views, _unchanged(stored)))
        if added := views - _count(stored):
            actions.append(self._table.add((_TOTAL, shard), {_TOTAL_VIEWS: added}))
        return actions

    def count(self, kind: ContentKind[Any], content_id: str) -> int:
        """Return the views of an item; 0 for an unknown one."""
        if not is_content_id(content_id):
            return 0
        return _count(self._table.get(_Viewed(kind, content_id).views))

    def count_published(self, kind: ContentKind[Any], content_id: str) -> int:
        """Return the views of an item for everyone to see; 0 for an unpublished or unknown one."""
        if not is_content_id(content_id):
            return 0
        viewed = _Viewed(kind, content_id)
        stored = self._table.get_many([viewed.published, viewed.views])
        return _count(stored.get(viewed.views)) if viewed.published in stored else 0

    def count_each(self, kind: ContentKind[Any]) -> dict[str, int]:
        """Return the views of the items of a kind by id; items without views are missing."""
        items = self._table.query(_partition(kind))
        return {item["SK"]: _count(item) for item in items if _has_views(item)}

    def most_viewed(self, kind: ContentKind[Any], limit: int) -> list[tuple[str, int]]:
        """Return the ids and views of the most viewed items, the most viewed first.

        The index follows the table a moment later: a deleted item may still be there, and a new one
        may be missing.
        """
        items = self._table.query(_partition(kind), index=VIEWS_INDEX, limit=limit)
        return [(item["SK"], _count(item)) for item in items]

    def total(self) -> int:
        """Return the views of all existing items."""
        return sum_shards(self._table, _TOTAL, _TOTAL_VIEWS)


def views_key(kind: ContentKind[Any], content_id: str) -> Key:
    """Return the key of the views of an item, or of its mark if it was deleted."""
    return _partition(kind), content_id


def revive_views(table: Table, stored: Item | None) -> list[Action]:
    """Return the actions to end the mark of a deleted item, because it exists again.

    Args:
        table: the table.
        stored: the item at `views_key`.
    """
    if stored is None or _has_views(stored):
        return []
    unchanged = equal({"expiresAt": stored["expiresAt"]})
    return [table.delete((stored["PK"], stored["SK"]), unchanged)]


def new_views(table: Table, kind: ContentKind[Any], views: Mapping[str, int]) -> list[Action]:
    """Return the actions to store the views of new items by id.

    They fail if an item has views, or the mark of a deletion.
    """
    actions: list[Action] = []
    totals: Counter[str] = Counter()
    for content_id, count in views.items():
        viewed, shard = _Viewed(kind, content_id), shard_of(content_id)
        totals[shard] += count
        actions += [
            table.put((viewed.shards, shard), {_COUNTED: count}, ABSENT),
            table.put(viewed.views, {_VIEWS: count}, ABSENT),
        ]
    total = [table.add((_TOTAL, shard), {_TOTAL_VIEWS: count}) for shard, count in totals.items()]
    return [*actions, *total]


def forget_views(table: Table, kind: ContentKind[Any], content_id: str) -> list[Action]:
    """Return the actions to remove the views of a deleted item; another view cancels them.

    They leave a mark for a day: a view that started before the deletion must not be stored after.
    """
    key = _Viewed(kind, content_id).views
    item = table.get(key)
    # By the clock of DynamoDB, as it deletes the mark.
    end = math.ceil((utc_now() + _MARKED_FOR).timestamp())
    mark = table.put(key, {"expiresAt": end}, _unchanged(item))
    if item is None:
        return [mark]
    return [mark, table.add((_TOTAL, shard_of(content_id)), {_TOTAL_VIEWS: -_count(item)})]


def remove_shards(table: Table, kind: ContentKind[Any], content_id: str) -> None:
    """Remove the shards of a deleted item.

    Nothing reads the shards of a deleted item. So it does no harm if some stay because DynamoDB is
    busy, or because a view came at the same time. Pointers to further keys stay for these, in case
    the item is restored.
    """
    with optional_cleanup(f"The shards of a deleted {kind.name}"):
        own, further = read_shards(table, _Viewed(kind, content_id).shards)
        for batch in batched([*own, *further], TRANSACTION_ACTIONS):
            table.transact([table.delete((shard["PK"], shard["SK"])) for shard in batch])


def _partition(kind: ContentKind[Any]) -> str:
    return f"views#{kind.name}"


def _unchanged(item: Item | None) -> Condition:
    return equal({_VIEWS: _count(item)}) if item else ABSENT


def _has_views(item: Item) -> bool:
    """Return False for the mark of a deleted item."""
    return _VIEWS in item


def _count(item: Item | None) -> int:
    return int(item.get(_VIEWS, 0)) if item else 0
