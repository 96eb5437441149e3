"""Which index entries and counts an item of content has; nothing here reads or writes.

Keys of a kind named `post`; what a client chose comes last, so that no two keys meet:

=============================== ============================ ==========================
PK                              SK                           holds
=============================== ============================ ==========================
`post#<id>`                     `item`                       the item and its version
`post#<id>`                     `published`                  that the item is published
`post#slug#<slug>`              `slug`                       that the slug is taken
`post#list#<status>`            `<order>#<id>`               an entry of a list
`post#list#<status>#tag#<tag>`  `<order>#<id>`               an entry of a list
`post#counts`                   `status`, `tag#<bucket>`     numbers by status and value
=============================== ============================ ==========================

Lists of published items follow the kind's order; of drafts, and of all, the last update.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from src.models.content import Content, Facet, Status, StatusFilter
from src.models.times import format_exact
from src.repositories.table import Action, Item, Key, Table

BUCKETS: Final = 16
"""How many items hold the counts of a facet: few to a transaction, yet small with many values."""

_STATUS_COUNTS: Final = "status"


@dataclass(frozen=True)
class ContentKind[ItemT: Content]:
    """All that tells a kind of content from another in the table."""

    name: str
    """What its keys begin with; singular, as in messages."""

    model: type[ItemT]

    facets: Callable[[ItemT], frozenset[Facet]]
    """What an item can be found by."""

    published_order: Callable[[ItemT], str]
    """Text by which published items are sorted, the greatest first."""


def is_content_id(text: str) -> bool:
    """Whether a text can be the id of an item: no other is looked up."""
    try:
        return text == str(UUID(text, version=4))
    except ValueError:
        return False


def item_key[ItemT: Content](kind: ContentKind[ItemT], content_id: str) -> Key:
    """Return where an item is stored."""
    return f"{kind.name}#{content_id}", "item"


def published_key(kind: ContentKind[Any], content_id: str) -> Key:
    """Return where it is stored that an item is published: a small item for others to check."""
    return f"{kind.name}#{content_id}", "published"


def slug_key[ItemT: Content](kind: ContentKind[ItemT], slug: str) -> Key:
    """Return where it is stored that a slug is taken."""
    return f"{kind.name}#slug#{slug}", "slug"


def list_partition[ItemT: Content](
    kind: ContentKind[ItemT], status: StatusFilter, facet: Facet | None = None
) -> str:
    """Return the `PK` of the entries of a list."""
    unfiltered = f"{kind.name}#list#{status}"
    return f"{unfiltered}#{facet}" if facet else unfiltered


def entry_id(entry: Item) -> str:
    """Return the id of the item that an entry stands for."""
    sort_key: str = entry["SK"]
    return sort_key.rpartition("#")[2]


def counts_key[ItemT: Content](kind: ContentKind[ItemT], facet: Facet | None = None) -> Key:
    """Return where the number of items is stored that have a facet, or of all items."""
    if facet is None:
        return f"{kind.name}#counts", _STATUS_COUNTS
    # Not `hash`, which differs from process to process.
    bucket = zlib.crc32(facet.value.encode()) % BUCKETS
    return f"{kind.name}#counts", f"{facet.name}#{bucket:02}"


def count_name(status: Status, facet: Facet | None = None) -> str:
    """Return the attribute that holds the number of items of a status."""
    return f"{status}#{facet.value}" if facet else str(status)


def index_entries[ItemT: Content](kind: ContentKind[ItemT], item: ItemT) -> dict[Key, Item]:
    """Return an item's entries: what queries filter and sort by, and nothing else."""
    facets = kind.facets(item)
    entry: Item = {
        "updatedAt": format_exact(item.updated_at),
        "facets": sorted(map(str, facets)),
    }
    by_update = f"{entry['updatedAt']}#{item.id}"
    own = StatusFilter(item.status)
    order = by_update if own is StatusFilter.DRAFT else f"{kind.published_order(item)}#{item.id}"
    keys: list[Key] = [(list_partition(kind, StatusFilter.ALL), by_update)]
    keys += [(list_partition(kind, own, facet), order) for facet in (None, *facets)]
    entries = dict.fromkeys(keys, entry)
    if own is StatusFilter.PUBLISHED:
        entries[published_key(kind, item.id)] = {}
    return entries


def item_counts[ItemT: Content](kind: ContentKind[ItemT], item: ItemT) -> Counter[tuple[Key, str]]:
    """Return the counts that an item adds one to: an item's key and its attribute's name."""
    return Counter(
        (counts_key(kind, facet), count_name(item.status, facet))
        for facet in (None, *kind.facets(item))
    )


def index_actions[ItemT: Content](
    table: Table, kind: ContentKind[ItemT], before: ItemT | None, after: ItemT | None
) -> Iterator[Action]:
    """Yield what turns an item's entries and counts into those it has after a change.

    `None` stands for an item that is not there.
    """
    old = index_entries(kind, before) if before else {}
    new = index_entries(kind, after) if after else {}
    yield from (table.delete(key) for key in old.keys() - new.keys())
    yield from (table.put(key, entry) for key, entry in new.items() if old.get(key) != entry)
    for key, amounts in _count_changes(kind, before, after).items():
        yield table.add(key, amounts)


def _count_changes[ItemT: Content](
    kind: ContentKind[ItemT], before: ItemT | None, after: ItemT | None
) -> dict[Key, dict[str, int]]:
    changes = item_counts(kind, after) if after else Counter[tuple[Key, str]]()
    changes.subtract(item_counts(kind, before) if before else ())
    # One action for each item: a transaction may not touch it twice.
    by_item: dict[Key, dict[str, int]] = {}
    for (key, name), amount in changes.items():
        if amount:
            by_item.setdefault(key, {})[name] = amount
    return by_item
