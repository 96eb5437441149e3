"""Restoring of many new items: one transaction stores several of them, with their views."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from src.models.content import Content, SluggedContent
from src.repositories.conditions import ABSENT
from src.repositories.content import to_attributes
from src.repositories.content_index import (
    ContentKind,
    count_changes,
    index_entries,
    item_counts,
    item_key,
    slug_key,
)
from src.repositories.shards import shard_of
from src.repositories.table import TRANSACTION_ACTIONS, Action, Table
from src.repositories.views import new_views

MOST_AT_ONCE: Final = 10
"""Limit of items in a transaction, which writes 4 MB at most; an item has less than 400 KB.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""


class ItemWithViews(NamedTuple):
    """A complete item and its views."""

    item: Content
    views: int


def restore_new(table: Table, kind: ContentKind[Any], items: Sequence[ItemWithViews]) -> int:
    """Store the first of these items with their views, in one transaction.

    The number of items depends on the number of their index entries.

    Returns:
        the number of items stored; 0 if one of them, its slug or its views exist already, or if
        the transaction conflicts with other writes.
    """
    fitting = items[: _count_fitting(kind, items)]
    return len(fitting) if table.transact(_actions(table, kind, fitting)).committed else 0


def _actions(table: Table, kind: ContentKind[Any], items: Sequence[ItemWithViews]) -> list[Action]:
    stored = [action for each in items for action in _own_actions(table, kind, each.item)]
    counts: Counter[Any] = Counter()
    for each in items:
        counts.update(item_counts(kind, each.item))
    views = {each.item.id: each.views for each in items if each.views}
    return [*stored, *count_changes(table, counts), *new_views(table, kind, views)]


def _own_actions(table: Table, kind: ContentKind[Any], item: Content) -> list[Action]:
    """Return the actions that no other item shares."""
    stored = {**to_attributes(item), "version": 1}
    actions = [table.put(item_key(kind, item.id), stored, ABSENT)]
    if isinstance(item, SluggedContent):
        actions.append(table.put(slug_key(kind, item.slug), {"id": item.id}, ABSENT))
    entries = index_entries(kind, item)
    return [*actions, *(table.put(key, entry) for key, entry in entries.items())]


def _count_fitting(kind: ContentKind[Any], items: Sequence[ItemWithViews]) -> int:
    """Return the number of the first items that fit into a transaction."""
    own, shared = 0, set[object]()
    for count, (item, views) in enumerate(islice(items, MOST_AT_ONCE)):
        own += 1 + isinstance(item, SluggedContent) + len(index_entries(kind, item))
        shared |= {key for key, _ in item_counts(kind, item)}
        if views:
            # Its shard and its sum, and a shard of the total.
            own += 2
            shared.add(shard_of(item.id))
        if own + len(shared) > TRANSACTION_ACTIONS:
            return count
    return min(len(items), MOST_AT_ONCE)
