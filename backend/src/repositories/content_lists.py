"""Lists of content: reads small index entries first, then the items of the page."""

from dataclasses import dataclass
from itertools import islice

from src.models.content import Content, Facet, ListQuery, StatusFilter
from src.repositories.content_counts import ContentCounts
from src.repositories.content_index import (
    MAX_FACET_BYTES,
    ContentKind,
    entry_id,
    item_key,
    list_partition,
)
from src.repositories.table import Item, Table


@dataclass(frozen=True)
class Matches[T]:
    """A page of the matches of a query."""

    items: list[T]
    total: int
    """Number of matches on all pages."""


class ContentLists[ItemT: Content]:
    """Finds the items of one kind of content."""

    def __init__(
        self, kind: ContentKind[ItemT], table: Table, counts: ContentCounts[ItemT]
    ) -> None:
        self._kind = kind
        self._table = table
        self._counts = counts

    def find(self, query: ListQuery) -> Matches[ItemT]:
        """Return a page of the matching items, in the order of their list."""
        ids = self._find_ids(query)
        keys = [item_key(self._kind, content_id) for content_id in ids.items]
        stored = self._table.get_many(keys)
        items = [self._kind.model.model_validate(stored[key]) for key in keys if key in stored]
        # An item may have been changed or deleted since its entry was read.
        return Matches([item for item in items if self._is_match(item, query)], ids.total)

    def all_ids(self) -> set[str]:
        """Return the ids of all items, drafts too."""
        partition = list_partition(self._kind, StatusFilter.ALL)
        # An item changed between two pages may have two entries.
        return {entry_id(entry) for entry in self._table.query(partition)}

    def _is_match(self, item: ItemT, query: ListQuery) -> bool:
        return item.status in query.status.statuses and query.facets <= self._kind.facets(item)

    def _find_ids(self, query: ListQuery) -> Matches[str]:
        facets = query.facets
        if any(len(facet.value.encode()) > MAX_FACET_BYTES for facet in facets):
            return Matches([], 0)
        is_kept = not facets or (len(facets) == 1 and query.status is not StatusFilter.ALL)
        return self._read_list(query, next(iter(facets), None)) if is_kept else self._filter(query)

    def _read_list(self, query: ListQuery, facet: Facet | None) -> Matches[str]:
        """Read a list stored in order, at the cost of the entries skipped and returned."""
        total = self._counts.total(query.status, facet)
        if query.offset >= total:
            return Matches([], total)
        partition = list_partition(self._kind, query.status, facet)
        entries = self._table.query(partition, limit=query.offset + query.limit)
        return Matches([entry_id(entry) for entry in islice(entries, query.offset, None)], total)

    def _filter(self, query: ListQuery) -> Matches[str]:
        """Filter and sort another list, at the cost of the matches of the narrowest facet."""
        facet, most = self._counts.narrowest(query.status, query.facets)
        if not most:
            return Matches([], 0)
        wanted = {str(each) for each in query.facets}
        found = [
            entry
            for entry in self._entries(query.status, facet)
            if wanted.issubset(entry["facets"])
        ]
        page = found[query.offset : query.offset + query.limit]
        return Matches([entry_id(entry) for entry in page], len(found))

    def _entries(self, status: StatusFilter, facet: Facet) -> list[Item]:
        if status is not StatusFilter.ALL:
            return list(self._table.query(list_partition(self._kind, status, facet)))
        # By id: an item published between the two reads is read twice.
        entries = {
            entry_id(entry): entry
            for each in (StatusFilter.DRAFT, StatusFilter.PUBLISHED)
            for entry in self._table.query(list_partition(self._kind, each, facet))
        }
        return sorted(
            entries.values(),
            key=lambda entry: (entry["updatedAt"], entry_id(entry)),
            reverse=True,
        )
