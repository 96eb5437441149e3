"""Import of a content file: compare all of it with the stage, then write the difference."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra.errors import ContentError
from portfolio.content.comparison import Change, Comparison, StageContent, compare, read_stage
from portfolio.content.export import StageReader
from portfolio.content.records import ItemRecord, Record
from portfolio.content.writing import Advance, ContentWriter
from src.api.kinds import KINDS
from src.repositories.content import SlugTakenError
from src.utils.errors import ApiError

if TYPE_CHECKING:
    from portfolio.content.content_file import ContentFile
    from portfolio.terminal import Terminal
    from src.repositories.table import Table


def import_content(
    file: "ContentFile", table: "Table", terminal: "Terminal", *, prune: bool, dry_run: bool
) -> None:
    """Write the content and counters of a file to a stage, and print the changes.

    Args:
        file: a checked file.
        table: the stage's table.
        terminal: the output.
        prune: True to delete the stage's items that are missing in the file.
        dry_run: True to print the changes only.

    Raises:
        ContentError: if an item of the stage or another writer is in the way.
    """
    stage = _read_stage(table, terminal)
    comparison = compare(file, stage, prune=prune)
    removed = comparison.others if prune else []
    if not dry_run:
        with (
            terminal.progress("writing", len(removed) + file.lines) as advance,
            _explain_conflicts(file.name),
        ):
            writer = ContentWriter(table, stage, advance)
            writer.delete(removed)
            writer.write(record for _, record in file.records())
    for line in _summary(comparison, prune=prune):
        terminal.say(line)


def _read_stage(table: "Table", terminal: "Terminal") -> StageContent:
    stage = StageReader.of(table)
    with terminal.progress("reading the stage", stage.items) as advance:
        return read_stage(_counting_items(stage.records(), advance))


def _counting_items(records: Iterator[Record], advance: Advance) -> Iterator[Record]:
    for record in records:
        yield record
        if isinstance(record, ItemRecord):
            advance()


@contextmanager
def _explain_conflicts(name: str) -> Generator[None]:
    try:
        yield
    except (ApiError, SlugTakenError) as error:
        raise ContentError(
            f"The import of {name} was stopped by another writer: {error} "
            "Repeat the command: it continues there."
        ) from None


def _summary(comparison: Comparison, *, prune: bool) -> Iterator[str]:
    for api in KINDS:
        counts = [(change, comparison.items[api.kind.name, change]) for change in Change]
        yield f"{api.plural}: " + ", ".join(f"{count} {change}" for change, count in counts)
    total = "changed" if comparison.total else "unchanged"
    yield f"visitors: {comparison.days} days changed, total {total}"
    if comparison.others:
        fate = "deleted" if prune else "kept"
        yield f"not in the file: {len(comparison.others)} items, {fate}"
