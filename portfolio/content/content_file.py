"""A content file to import: all lines are checked before the first one is used."""

import shutil
import sys
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from infra.errors import ContentError
from portfolio.content.parsing import LineError, parse_object, parse_record
from portfolio.content.records import (
    FORMAT,
    HEADER,
    VERSION,
    DayRecord,
    EndRecord,
    ItemRecord,
    Record,
    TotalRecord,
    encode,
)
from src.models.content import SluggedContent

STANDARD: Final = "-"
"""The name for standard input or output."""

_SHOWN: Final = 5
"""Maximum number of wrong fields in a message."""


@dataclass
class ContentFile:
    """A file that was checked; it can be read several times."""

    name: str
    """Its name in messages."""

    items: int
    lines: int
    """Number of lines after the first one."""

    _source: BinaryIO = field(repr=False)

    def records(self) -> Iterator[tuple[int, Record]]:
        """Yield the numbers of the lines and their records, in the file's order."""
        self._source.seek(0)
        self._source.readline()
        for number, line in enumerate(self._source, start=2):
            yield number, parse_record(line)


@contextmanager
def open_content_file(path: str) -> Generator[ContentFile]:
    """Open a file and check all of it.

    Args:
        path: its path, or `-` for standard input.

    Raises:
        ContentError: if the file cannot be read, has a newer version, or has a wrong line.
    """
    name = "standard input" if path == STANDARD else path
    with _open(path) as source:
        check = _Check(name)
        check.run(source)
        yield ContentFile(name, check.items, check.lines, source)


@contextmanager
def _open(path: str) -> Generator[BinaryIO]:
    with ExitStack() as stack:
        try:
            if path == STANDARD:
                source = stack.enter_context(_copy_of_input())
            else:
                source = stack.enter_context(Path(path).open("rb"))
        except OSError as error:
            raise ContentError(f"{path} cannot be read: {error.strerror}.") from None
        yield source


@contextmanager
def _copy_of_input() -> Generator[BinaryIO]:
    # Only a file can be read twice.
    with TemporaryFile() as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.seek(0)
        yield copy


class _Check:
    """The check of a file: each line for itself, and the lines against each other."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._wrong: list[str] = []
        self._seen: dict[tuple[str, ...], int] = {}
        self._counts: Counter[type[Record]] = Counter()

    @property
    def items(self) -> int:
        """The number of items."""
        return self._counts[ItemRecord]

    @property
    def lines(self) -> int:
        """The number of lines after the first one."""
        return self._counts.total()

    def run(self, source: BinaryIO) -> None:
        """Check all lines.

        Raises:
            ContentError: with the line and the field of each mistake.
        """
        self._check_header(source.readline())
        number = 1
        for number, line in enumerate(source, start=2):
            try:
                self._check_record(number, parse_record(line))
            except LineError as error:
                self._add(number, error.reasons)
        if not self._counts[EndRecord] and not self._wrong:
            self._add(number + 1, {"record": "must be end: the file is cut off"})
        self._refuse_wrong()

    def _check_header(self, line: bytes) -> None:
        try:
            header = parse_object(line)
        except LineError:
            header = {}
        version = header.get("version")
        if header.get("format") != FORMAT or type(version) is not int or version < 1:
            raise ContentError(
                f"{self._name} is not an export: its first line must be like "
                f"{encode(HEADER).decode().strip()}."
            )
        if version > VERSION:
            raise ContentError(
                f"{self._name} has version {version}, but this checkout reads versions up to "
                f"{VERSION}: update the checkout."
            )

    def _check_record(self, number: int, record: Record) -> None:
        if self._counts[EndRecord]:
            raise LineError({"line": "follows the end"})
        self._counts[type(record)] += 1
        match record:
            case ItemRecord(api, item, _):
                self._once(number, "item.id", api.kind.name, item.id)
                if isinstance(item, SluggedContent):
                    self._once(number, "item.slug", api.kind.name, item.slug)
            case DayRecord(day, _):
                self._once(number, "date", day.isoformat())
            case TotalRecord():
                self._once(number, "record", "total")
            case EndRecord(lines) if lines != number - 1:
                raise LineError({"lines": f"must be {number - 1}: lines are missing or added"})
            case EndRecord():
                pass

    def _once(self, number: int, name: str, *value: str) -> None:
        first = self._seen.setdefault((name, *value), number)
        if first != number:
            raise LineError({name: f"is the same as in line {first}"})

    def _add(self, number: int, reasons: Mapping[str, str]) -> None:
        self._wrong += [f"line {number}: {name}: {reason}" for name, reason in reasons.items()]

    def _refuse_wrong(self) -> None:
        if self._wrong:
            more = len(self._wrong) - _SHOWN
            shown = [*self._wrong[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
            raise ContentError("\n  ".join([f"{self._name} is wrong:", *shown]))
