"""The report of a migration: two tables, a line for each repaired or skipped item, and JSON."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table as Grid

from infra.errors import MigrationError
from portfolio.migration.carry import Outcome, Record
from portfolio.migration.layout import LEFT, OldKind
from portfolio.terminal import printable

if TYPE_CHECKING:
    from portfolio.migration.verification import Verified
    from portfolio.terminal import Terminal

_HASH: Final = 8
"""Number of shown digits of a hash."""


@dataclass(frozen=True)
class Report:
    """The result of a migration."""

    source: str
    stack: str
    is_dry_run: bool
    read: Mapping[OldKind, int]
    """Number of items read."""

    ours: int
    """Number of items in this project's layout in the old table."""

    records: Sequence[Record]
    verified: Mapping[OldKind, "Verified"]

    @property
    def problems(self) -> list[str]:
        """The items without an outcome, and those with differences."""
        outcomes = Counter(record.old.kind for record in self.records)
        missing = [
            f"{kind}: {count} were read, but {outcomes[kind]} have an outcome"
            for kind, count in self.read.items()
            if outcomes[kind] != count
        ]
        different = [
            f"{kind}: {problem}"
            for kind, each in self.verified.items()
            for problem in each.problems
        ]
        return [*missing, *different]

    def count(self, kind: OldKind, outcome: Outcome) -> int:
        """Return the number of items of a kind with an outcome."""
        return sum((each.old.kind, each.outcome) == (kind, outcome) for each in self.records)

    def repaired(self, kind: OldKind) -> int:
        """Return the number of repaired items of a kind."""
        return sum(each.old.kind is kind and bool(each.repairs) for each in self.records)


def show(report: Report, terminal: "Terminal") -> None:
    """Print the tables, and a line for each item to look at."""
    terminal.show(_outcomes(report))
    for record in report.records:
        place = f"{record.old.kind} {printable(record.old.id)}"
        for line in record.repairs:
            terminal.say(f"repaired {place}: {printable(line)}")
        if record.reason and record.outcome is not Outcome.LEFT:
            verb = "skipped" if record.outcome is Outcome.SKIPPED else "kept"
            terminal.say(f"{verb} {place}: {printable(record.reason)}")
    for kind, reason in LEFT.items():
        if report.read.get(kind):
            terminal.say(f"left {kind}: {reason}")
    if report.ours:
        terminal.say(f"{report.ours} items have the new layout already: they stay as they are.")
    if report.verified:
        terminal.show(_verification(report))
    for problem in report.problems:
        terminal.warn(printable(problem))


def _outcomes(report: Report) -> Grid:
    written = "would write" if report.is_dry_run else "written"
    title = f"{report.source} → {report.stack}"
    columns = ("read", written, "unchanged", "skipped", "left", "repaired")
    grid = _grid(title, ("kind", *columns))
    for kind in (each for each in OldKind if report.read.get(each)):
        counts = [report.count(kind, outcome) for outcome in Outcome]
        numbers = [report.read[kind], *counts, report.repaired(kind)]
        grid.add_row(kind, *map(str, numbers))
    return grid


def _verification(report: Report) -> Grid:
    columns = ("old", "new", "equal", "newer", "different", "old hash", "new hash")
    grid = _grid("Verification: fields and counts, read again", ("kind", *columns))
    for kind, each in report.verified.items():
        different = sum(pair.differs for pair in each.pairs)
        numbers = (len(each.pairs), each.found, each.equal, each.newer, different)
        hashes = (text[:_HASH] for text in each.hashes())
        grid.add_row(kind, *map(str, numbers), *hashes)
    return grid


def _grid(title: str, columns: Sequence[str]) -> Grid:
    grid = Grid(title=title, title_justify="left")
    for number, column in enumerate(columns):
        grid.add_column(column, justify="right" if number else "left")
    return grid


def check_writable(path: Path) -> None:
    """Check the path of the report, before anything is changed.

    Raises:
        MigrationError: if the report cannot be written.
    """
    try:
        path.open("ab").close()
    except OSError as error:
        raise MigrationError(
            f"The report {path} cannot be written: {error.strerror}. Choose another --report."
        ) from None


def write(report: Report, path: Path) -> None:
    """Write the report as JSON."""
    path.write_text(
        f"{json.dumps(_to_json(report), indent=2, ensure_ascii=False, default=repr)}\n", "utf-8"
    )


def _to_json(report: Report) -> dict[str, Any]:
    return {
        "source": report.source,
        "stack": report.stack,
        "dryRun": report.is_dry_run,
        "kinds": {kind: _kind_to_json(report, kind) for kind in report.read},
        "newLayout": report.ours,
        "repaired": [_record_to_json(each) for each in report.records if each.repairs],
        "skipped": [
            _record_to_json(each) for each in report.records if each.outcome is Outcome.SKIPPED
        ],
        "kept": [
            _record_to_json(each)
            for each in report.records
            if each.reason and each.outcome is Outcome.UNCHANGED
        ],
        "verification": {
            kind: [
                {"id": pair.id, "old": pair.old, "new": pair.new, "newer": pair.is_newer}
                for pair in each.pairs
            ]
            for kind, each in report.verified.items()
        },
        "problems": report.problems,
    }


def _kind_to_json(report: Report, kind: OldKind) -> dict[str, int]:
    outcomes = {str(outcome): report.count(kind, outcome) for outcome in Outcome}
    return {"read": report.read[kind], **outcomes, "repaired": report.repaired(kind)}


def _record_to_json(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": record.old.kind,
        "id": record.old.id,
        "outcome": record.outcome,
        "repairs": list(record.repairs),
        "reason": record.reason,
    }
    # The complete old fields: a repair may have cut one of them.
    return found | {"old": record.old.attributes}
