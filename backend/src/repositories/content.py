"""Repository of a kind of content; a write is one transaction with index entries and counts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import batched
from typing import Final, NamedTuple
from uuid import uuid4

from src.models.content import Content, ContentInput, Facet, ListQuery, SluggedContent, Status
from src.models.times import Clock, format_exact, utc_now
from src.repositories.attempts import attempts, optional_cleanup
from src.repositories.conditions import ABSENT, equal
from src.repositories.content_counts import ContentCounts
from src.repositories.content_index import (
    ContentKind,
    index_changes,
    is_content_id,
    is_slug,
    item_key,
    slug_key,
)
from src.repositories.content_lists import ContentLists, Matches
from src.repositories.table import (
    BATCH_GET_KEYS,
    TRANSACTION_ACTIONS,
    Action,
    Item,
    Key,
    Outcome,
    Table,
)
from src.repositories.views import forget_views, remove_shards, revive_views, views_key
from src.utils.errors import NotFoundError, ServiceUnavailableError

_NO_VERSION: Final = 0
_SLUG_ACTION: Final = 1


class Restored(StrEnum):
    """The effect of restoring an item."""

    CREATED = "created"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


class SlugTakenError(Exception):
    """Another item of the kind has the slug."""


class _Stored[ItemT](NamedTuple):
    item: ItemT
    version: int


class ContentRepository[ItemT: Content]:
    """The items of one kind of content.

    Concurrent edits lose nothing. A write succeeds only if the stored item still has the version
    that was read; otherwise the change is applied again to the new version.
    """

    def __init__(self, kind: ContentKind[ItemT], table: Table, clock: Clock = utc_now) -> None:
        self._kind = kind
        self._table = table
        self._clock = clock
        self._counts = ContentCounts(kind, table)
        self._lists = ContentLists(kind, table, self._counts)

    def create(self, fields: ContentInput) -> ItemT:
        """Store a new draft, with a longer slug if its own is taken.

        Raises:
            ServiceUnavailableError: if every attempt conflicts with other writes.
        """
        item = self._kind.model.draft(str(uuid4()), fields, self._clock())
        for _ in attempts():
            outcome = self._write(item.id, None, item)
            if outcome.committed:
                return item
            if isinstance(item, SluggedContent) and outcome.condition_failed(_SLUG_ACTION):
                item = item.with_slug_suffix()
        raise self._busy()

    def get(self, content_id: str, *, drafts: Callable[[], bool]) -> ItemT:
        """Return an item.

        Args:
            content_id: the item's id.
            drafts: returns True if the caller may see drafts; called for a draft only.

        Raises:
            NotFoundError: if the item does not exist, or the caller may not see it.
        """
        item = self._read(content_id).item
        if item.status is Status.DRAFT and not drafts():
            raise self._missing()
        return item

    def get_by_slug(self, slug: str, *, drafts: Callable[[], bool]) -> ItemT:
        """Return the item with a slug; the rest is as for `get`."""
        found = self._table.get(slug_key(self._kind, slug)) if is_slug(slug) else None
        try:
            return self.get(found["id"] if found else "", drafts=drafts)
        except NotFoundError:
            # One message: another one would tell a stranger of a draft.
            raise self._missing("slug") from None

    def find(self, query: ListQuery) -> Matches[ItemT]:
        """Return a page of the matching items, in the order of their list."""
        return self._lists.find(query)

    def published_values(self, name: str) -> dict[str, int]:
        """Return the values of a facet and the number of published items with each, sorted."""
        return self._counts.published_values(name)

    def ids(self) -> list[str]:
        """Return the ids of all items, drafts too, sorted."""
        return sorted(self._lists.all_ids())

    def read_many(self, ids: Sequence[str]) -> Iterator[ItemT]:
        """Yield the existing items with these ids, drafts too, in the order of the ids."""
        for batch in batched(ids, BATCH_GET_KEYS):
            keys = [item_key(self._kind, content_id) for content_id in batch]
            stored = self._table.get_many(keys)
            yield from (
                self._kind.model.model_validate(stored[key]) for key in keys if key in stored
            )

    def edit(self, content_id: str, changes: ContentInput) -> ItemT:
        """Change the fields sent, and return the item.

        Raises:
            NotFoundError: if the item does not exist.
            ServiceUnavailableError: if every attempt conflicts with other writes.
        """
        return self._change(content_id, lambda item: item.edit(changes, self._clock()))

    def publish(self, content_id: str) -> ItemT:
        """Make an item visible to everyone, and return it; raises as `edit` does."""
        return self._change(content_id, lambda item: item.publish(self._clock()))

    def unpublish(self, content_id: str) -> ItemT:
        """Make an item visible to the owner only, and return it; raises as `edit` does."""
        return self._change(content_id, lambda item: item.unpublish(self._clock()))

    def delete(self, content_id: str) -> None:
        """Remove an item and its views, and free its slug; raises as `edit` does."""
        for _ in attempts():
            stored = self._read(content_id)
            views = forget_views(self._table, self._kind, content_id)
            if self._write(content_id, stored, None, views).committed:
                remove_shards(self._table, self._kind, content_id)
                return
            # The views of a crowd change the counts all the time; a draft has no new views.
            self.unpublish(content_id)
        raise self._busy()

    def restore(self, item: ItemT) -> Restored:
        """Store a complete item with its own id, slug, status and times.

        An existing item with the same id is replaced, unless it is equal. The slug follows, and so
        do lists and counts. Views have a method of their own, `ViewRepository.restore`.

        Raises:
            ValueError: if nobody could read the item by its id or its slug.
            SlugTakenError: if another item has its slug.
            ServiceUnavailableError: if every attempt conflicts with other writes.
        """
        if not is_content_id(item.id):
            raise ValueError(f"{item.id!r} is not the text of a UUID, version 4")
        if isinstance(item, SluggedContent) and not is_slug(item.slug):
            raise ValueError(f"{item.slug!r} is not a slug: it has other characters than a-z0-9-")
        for _ in attempts():
            before, views = self._read_with_views(item.id)
            if before and before.item == item:
                return Restored.UNCHANGED
            outcome = self._write(item.id, before, item, views)
            if outcome.committed:
                return Restored.REPLACED if before else Restored.CREATED
            if outcome.condition_failed(_SLUG_ACTION) and not outcome.condition_failed(0):
                raise SlugTakenError(f"Another {self._kind.name} has the slug of {item.id}.")
        raise self._busy()

    def _read_with_views(self, content_id: str) -> tuple[_Stored[ItemT] | None, list[Action]]:
        """Return the stored item, and the actions to end the mark of a deleted one."""
        key, views = item_key(self._kind, content_id), views_key(self._kind, content_id)
        found = self._table.get_many([key, views])
        stored = self._to_stored(found[key]) if key in found else None
        return stored, revive_views(self._table, found.get(views))

    def _change(self, content_id: str, change: Callable[[ItemT], ItemT]) -> ItemT:
        for _ in attempts():
            stored = self._read(content_id)
            changed = change(stored.item)
            if changed is stored.item or self._write(content_id, stored, changed).committed:
                return changed
        raise self._busy()

    def _read(self, content_id: str) -> _Stored[ItemT]:
        attributes = None
        if is_content_id(content_id):
            attributes = self._table.get(item_key(self._kind, content_id))
        if attributes is None:
            raise self._missing()
        return self._to_stored(attributes)

    def _to_stored(self, attributes: Item) -> _Stored[ItemT]:
        return _Stored(self._kind.model.model_validate(attributes), int(attributes["version"]))

    def _write(
        self,
        content_id: str,
        before: _Stored[ItemT] | None,
        after: ItemT | None,
        others: Sequence[Action] = (),
    ) -> Outcome:
        """Replace one state of an item by another; `None` means absent."""
        old, version = before or (None, _NO_VERSION)
        index = index_changes(self._table, self._kind, old, after)
        actions = [
            self._item_action(content_id, version, after),
            *self._slug_actions(old, after),
            *index.actions,
            *others,
        ]
        room = TRANSACTION_ACTIONS - len(actions)
        outcome = self._table.transact([*actions, *map(self._table.delete, index.left[:room])])
        if outcome.committed and old:
            self._remove_entries(index.left[room:], old)
            kept = self._kind.facets(after) if after else frozenset[Facet]()
            self._counts.prune(self._kind.facets(old) - kept)
        return outcome

    def _remove_entries(self, keys: Sequence[Key], old: ItemT) -> None:
        """Remove the entries of an item's old state that had no room in the transaction.

        A list leaves an item out if it does not match, so it does no harm if some entries stay
        because DynamoDB is busy. An entry written again in the meantime stays.
        """
        unchanged = equal({"updatedAt": format_exact(old.updated_at)})
        with optional_cleanup(f"Old entries of a {self._kind.name}"):
            for _ in attempts():
                if not keys:
                    return
                outcome = self._table.transact([self._table.delete(key, unchanged) for key in keys])
                if outcome.committed:
                    return
                keys = [key for n, key in enumerate(keys) if not outcome.condition_failed(n)]

    def _item_action(self, content_id: str, version: int, after: ItemT | None) -> Action:
        key = item_key(self._kind, content_id)
        unchanged = ABSENT if version == _NO_VERSION else equal({"version": version})
        if after is None:
            return self._table.delete(key, unchanged)
        return self._table.put(key, {**to_attributes(after), "version": version + 1}, unchanged)

    def _slug_actions(self, before: ItemT | None, after: ItemT | None) -> list[Action]:
        old, new = _slug_of(before), _slug_of(after)
        if old == new:
            return []
        actions: list[Action] = []
        if after and new:
            actions.append(self._table.put(slug_key(self._kind, new), {"id": after.id}, ABSENT))
        if old:
            actions.append(self._table.delete(slug_key(self._kind, old)))
        return actions

    def _missing(self, name: str = "id") -> NotFoundError:
        return NotFoundError(f"There is no {self._kind.name} with this {name}.")

    def _busy(self) -> ServiceUnavailableError:
        return ServiceUnavailableError(
            f"Others are changing this {self._kind.name}: try again in a moment."
        )


def _slug_of(item: Content | None) -> str | None:
    return item.slug if isinstance(item, SluggedContent) else None


def to_attributes(item: Content) -> Item:
    """Return an item's attributes in the table; times have microseconds."""
    values = item.model_dump(by_alias=True)
    return {name: _to_attribute(value) for name, value in values.items()}


def _to_attribute(value: object) -> object:
    if isinstance(value, datetime):
        return format_exact(value)
    return value.isoformat() if isinstance(value, date) else value
