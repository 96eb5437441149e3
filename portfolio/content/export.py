"""Export of a stage's content: read from the table, written as a content file."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class StageReader:
    """The content and counters of a stage; the ids of its items are read first, and once."""

    table: "Table"
    ids: Mapping[str, Sequence[str]]
    """The ids of the items by the name of their kind, drafts too."""

    @classmethod
    def of(cls, table: "Table") -> "StageReader":
        """Read the ids of a stage's items."""
        ids = {api.kind.name: ContentRepository(api.kind, table).ids() for api in KINDS}
        return cls(table, ids)

    @property
    def items(self) -> int:
        """The number of items of all kinds."""
        return sum(map(len, self.ids.values()))

    def records(self) -> Iterator[Record]:
        """Yield the content and counters, in the order of a file."""
        for api in KINDS:
            views = ViewRepository(self.table).count_each(api.kind)
            repository = ContentRepository(api.kind, self.table)
            for item in repository.read_many(self.ids[api.kind.name]):
                yield ItemRecord(api, item, views.get(item.id, 0))
        visitors = VisitorRepository(self.table)
        for day, visits in visitors.counted_days().items():
            yield DayRecord(day, visits)
        yield TotalRecord(*visitors.count())


def export_content(stage: StageReader, output: IO[bytes], advance: Advance) -> int:
    """Write a stage's content and counters, and return the number of items.

    Each item is consistent, but the file is not a snapshot: a write during the export may be
    missing.
    """
    counts: Counter[type[Record]] = Counter()
    output.write(encode(HEADER))
    for record in stage.records():
        output.write(encode(record.as_json))
        counts[type(record)] += 1
        if isinstance(record, ItemRecord):
            advance()
    output.write(encode(EndRecord(1 + counts.total()).as_json))
    return counts[ItemRecord]
