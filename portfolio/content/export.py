"""Export of a stage's content: read from the table, written as a content file."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from portfolio.content.records import (
    HEADER,
    DayRecord,
    EndRecord,
    ItemRecord,
    Record,
    TotalRecord,
    encode,
)
from src.api.kinds import KINDS
from src.repositories.content import ContentRepository
from src.repositories.views import ViewRepository
from src.repositories.visitors import VisitorRepository

if TYPE_CHECKING:
    from src.repositories.table import Table

type Advance = Callable[[], object]
"""A function to call after each item, for a progress bar."""


def count_items(table: "Table") -> int:
    """Return the number of items of all kinds, drafts too."""
    return sum(len(ContentRepository(api.kind, table).ids()) for api in KINDS)


def export_content(table: "Table", output: IO[bytes], advance: Advance) -> int:
    """Write a stage's content and counters, and return the number of items.

    Each item is consistent, but the file is not a snapshot: a write during the export may be
    missing.
    """
    counts: Counter[type[Record]] = Counter()
    output.write(encode(HEADER))
    for record in read_records(table):
        output.write(encode(record.as_json))
        counts[type(record)] += 1
        if isinstance(record, ItemRecord):
            advance()
    output.write(encode(EndRecord(1 + counts.total()).as_json))
    return counts[ItemRecord]


def read_records(table: "Table") -> Iterator[Record]:
    """Yield a stage's content and counters, in the order of a file."""
    for api in KINDS:
        views = ViewRepository(table).count_each(api.kind)
        repository = ContentRepository(api.kind, table)
        for item in repository.read_many(repository.ids()):
            yield ItemRecord(api, item, views.get(item.id, 0))
    visitors = VisitorRepository(table)
    for day, visits in visitors.counted_days().items():
        yield DayRecord(day, visits)
    yield TotalRecord(*visitors.count())
