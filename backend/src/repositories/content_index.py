"""Index entries and counts of an item of content, computed without reads or writes.

Keys of a kind named `post`. Texts of clients come last, so two keys are never the same:

=============================== ============================ ==========================
PK                              SK                           holds
=============================== ============================ ==========================
`post#<id>`                     `item`                       the item and its version
`post#<id>`                     `published`                  nothing: the item is published
`post#slug#<slug>`              `slug`                       the id of the item with the slug
`post#list#<status>`            `<order>#<id>`               an entry of a list
`post#list#<status>#tag#<tag>`  `<order>#<id>`               an entry of a list
`post#counts`                   `status`, `tag#<bucket>`     numbers by status and value
=============================== ============================ ==========================

Lists of published items have the order of the kind. Lists of drafts and of all items are ordered by
the last update.
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from src.models.content import Content, Facet, Status, StatusFilter
from src.models.times import format_exact
from src.repositories.table import Action, Item, Key, Table

BUCKETS: Final = 16
"""Number of items with the counts of a facet: few to write at once, yet small with many values."""

MAX_FACET_BYTES: Final = 1024
"""Limit of a filter's value: a longer one matches nothing.

A key has at most 2,048 bytes, and no field of a filter has more than 200 characters of 4 bytes.
"""

_SLUG: Final = re.compile(r"[a-z0-9-]{1,200}")

_STATUS_COUNTS: Final = "status"


@dataclass(frozen=True)
class ContentKind[ItemT: Content]:
    """A kind of content, as the table stores it."""

    name: str
    """Its name in the singular, for keys and messages: `post`."""

    model: type[ItemT]

    facets: Callable[[ItemT], frozenset[Facet]]
    """Function for the filters and values of an item."""

    published_order: Callable[[ItemT], str]
    """Function for the sort key of a published item; the greatest is listed first."""


def is_content_id(text: str) -> bool:
    """Return True if a text can be the id of an item; others need no read."""
    try:
        return text == str(UUID(text, version=4))
    except ValueError:
        return False


def is_slug(text: str) -> bool:
    """Return True if a text can be a slug; others need no read."""
    return _SLUG.fullmatch(text) is not None


def item_key[ItemT: Content](kind: ContentKind[ItemT], content_id: str) -> Key:
    """Return the key of an item."""
    return f"{kind.name}#{content_id}", "item"


def published_key(kind: ContentKind[Any], content_id: str) -> Key:
    """Return the key of the mark of a published item, small enough for others to check."""
    return f"{kind.name}#{content_id}", "published"


def slug_key[ItemT: Content](kind: ContentKind[ItemT], slug: str) -> Key:
    """Return the key of a slug in use."""
    return f"{kind.name}#slug#{slug}", "slug"


def list_partition[ItemT: Content](
    kind: ContentKind[ItemT], status: StatusFilter, facet: Facet | None = None
) -> str:
    """Return the `PK` of the entries of a list."""
    unfiltered = f"{kind.name}#list#{status}"
    return f"{unfiltered}#{facet}" if facet else unfiltered


def entry_id(entry: Item) -> str:
    """Return the id of an entry's item."""
    sort_key: str = entry["SK"]
    return sort_key.rpartition("#")[2]


def counts_key[ItemT: Content](kind: ContentKind[ItemT], facet: Facet | None = None) -> Key:
    """Return the key of the number of items with a facet, or of all items."""
    if facet is None:
        return f"{kind.name}#counts", _STATUS_COUNTS
    # Not `hash`: it differs from process to process.
    bucket = zlib.crc32(facet.value.encode()) % BUCKETS
    return f"{kind.name}#counts", f"{facet.name}#{bucket:02}"


def count_name(status: Status, facet: Facet | None = None) -> str:
    """Return the name of the attribute with the number of items of a status."""
    return f"{status}#{facet.value}" if facet else str(status)


def index_entries[ItemT: Content](kind: ContentKind[ItemT], item: ItemT) -> dict[Key, Item]:
    """Return the entries of an item, with the attributes to filter and sort by."""
    facets = kind.facets(item)
    entry: Item = {
        "updatedAt": format_exact(item.updated_at),
        "facets": sorted(map(str, facets)),
    }
    by_update = f"{entry['updatedAt']}#{item.id}"
    own = StatusFilter.of(item.status)
    order = by_update if own is StatusFilter.DRAFT else f"{kind.published_order(item)}#{item.id}"
    keys: list[Key] = [(list_partition(kind, StatusFilter.ALL), by_update)]
    keys += [(list_partition(kind, own, facet), order) for facet in (None, *sorted(facets))]
    entries = dict.fromkeys(keys, entry)
    if own is StatusFilter.PUBLISHED:
        return {published_key(kind, item.id): {}, **entries}
    return entries


def item_counts[ItemT: Content](kind: ContentKind[ItemT], item: ItemT) -> Counter[tuple[Key, str]]:
    """Return the counts of an item, as a key and the name of an attribute."""
    return Counter(
        (counts_key(kind, facet), count_name(item.status, facet))
        for facet in (None, *kind.facets(item))
    )


class IndexChanges(NamedTuple):
    """The changes of entries and counts for a change of an item."""

    actions: list[Action]
    """The entries to store, and the changes of counts."""

    left: list[Key]
    """Keys of entries to remove, the most important first.

    A list hides an item that does not match. So the entries of facets are the least important.
    """


def index_changes[ItemT: Content](
    table: Table, kind: ContentKind[ItemT], before: ItemT | None, after: ItemT | None
) -> IndexChanges:
    """Return the changes of entries and counts; `None` means: the item does not exist."""
    old = index_entries(kind, before) if before else {}
    new = index_entries(kind, after) if after else {}
    stored = [table.put(key, entry) for key, entry in new.items() if old.get(key) != entry]
    counts = item_counts(kind, after) if after else Counter[tuple[Key, str]]()
    counts.subtract(item_counts(kind, before) if before else ())
    counted = count_changes(table, counts)
    return IndexChanges([*stored, *counted], [key for key in old if key not in new])


def count_changes(table: Table, changes: Mapping[tuple[Key, str], int]) -> list[Action]:
    """Return the actions to change counts, each given by a key and the name of an attribute."""
    # One action for each item: a transaction may not write it twice.
    by_item: dict[Key, dict[str, int]] = {}
    for (key, name), amount in changes.items():
        if amount:
            by_item.setdefault(key, {})[name] = amount
    return [table.add(key, amounts) for key, amounts in by_item.items()]
