"""Numbers of items by status and filter, read from a few small items."""

from collections.abc import Iterable, Mapping
from typing import Final

from src.models.content import Content, Facet, Status, StatusFilter
from src.repositories.attempts import optional_cleanup
from src.repositories.conditions import equal
from src.repositories.content_index import ContentKind, count_name, counts_key
from src.repositories.table import Item, Table

_PRUNED_AT_ONCE: Final = 100
"""Limit of values in one update; DynamoDB allows 300 operators in an expression."""


class ContentCounts[ItemT: Content]:
    """The counts of one kind of content."""

    def __init__(self, kind: ContentKind[ItemT], table: Table) -> None:
        self._kind = kind
        self._table = table

    def total(self, status: StatusFilter, facet: Facet | None = None) -> int:
        """Return the number of items with a status, and with a facet if one is given."""
        counts = self._table.get(counts_key(self._kind, facet)) or {}
        return _sum(counts, status, facet)

    def narrowest(self, status: StatusFilter, facets: Iterable[Facet]) -> tuple[Facet, int]:
        """Return the facet with the fewest items, and their number."""
        keys = {facet: counts_key(self._kind, facet) for facet in facets}
        counts = self._table.get_many(list(keys.values()))
        totals = {facet: _sum(counts.get(key, {}), status, facet) for facet, key in keys.items()}
        narrowest = min(totals, key=lambda facet: totals[facet])
        return narrowest, totals[narrowest]

    def published_values(self, name: str) -> dict[str, int]:
        """Return the values of a facet and the number of published items with each, sorted."""
        partition, _ = counts_key(self._kind)
        prefix = count_name(Status.PUBLISHED, Facet(name, ""))
        found = {
            attribute.removeprefix(prefix): int(count)
            for counts in self._table.query(partition, prefix=f"{name}#")
            for attribute, count in counts.items()
            if attribute.startswith(prefix) and count > 0
        }
        return dict(sorted(found.items()))

    def prune(self, facets: Iterable[Facet]) -> None:
        """Remove the numbers of unused values from the counts of these facets.

        Numbers stay if another write changes them at the same time, or if DynamoDB is busy. The
        next call removes them.
        """
        keys = {counts_key(self._kind, facet) for facet in facets}
        with optional_cleanup(f"Unused counts of {self._kind.name}s"):
            for key, counts in self._table.get_many(list(keys)).items():
                if unused := _unused(counts)[:_PRUNED_AT_ONCE]:
                    self._table.remove(key, unused, equal(dict.fromkeys(unused, 0)))


def _sum(counts: Mapping[str, object], status: StatusFilter, facet: Facet | None) -> int:
    names = (count_name(each, facet) for each in status.statuses)
    return sum(int(str(counts.get(name, 0))) for name in names)


def _unused(counts: Item) -> list[str]:
    numbers = {name: count for name, count in counts.items() if name not in {"PK", "SK"}}
    in_use = {name.partition("#")[2] for name, count in numbers.items() if count}
    return [name for name in numbers if name.partition("#")[2] not in in_use]
