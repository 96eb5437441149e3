"""The order of a migration: read, plan, write, verify, report, and only then prune."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import MigrationError
from portfolio.migration.carry import Carrier, Record
from portfolio.migration.layout import OldItem, is_ours
from portfolio.migration.plan import make_plan
from portfolio.migration.prune import prune
from portfolio.migration.report import Report, check_writable, show, write
from portfolio.migration.sources import OldTable
from portfolio.migration.stage_content import StageContent
from portfolio.migration.verification import verify
from src.utils.errors import ServiceUnavailableError

if TYPE_CHECKING:
    from portfolio.migration.sources import Source
    from portfolio.terminal import Terminal
    from src.repositories.table import Table


@dataclass(frozen=True, kw_only=True)
class Options:
    """The choices of a migration."""

    stack: str
    dry_run: bool = False
    prune: bool = False
    report: Path | None = None
    """The file for the report as JSON."""


def carry_over(source: "Source", table: "Table", options: Options, terminal: "Terminal") -> None:
    """Carry the content and counters of an old table over into a stage's table.

    Raises:
        MigrationError: if old items cannot be read, or one is unaccounted for.
    """
    if options.report:
        check_writable(options.report)
    try:
        report = _migrate(source, table, options, terminal)
    except ServiceUnavailableError as error:
        raise MigrationError(
            f"{options.stack}: {error} Run the command again: it continues where it stopped."
        ) from None
    show(report, terminal)
    if options.report:
        write(report, options.report)
    if report.problems:
        raise MigrationError(
            f"{len(report.problems)} differences are unaccounted for, and nothing was pruned: "
            "run the command again, or look into the lines above."
        )
    if options.prune and isinstance(source, OldTable):
        removed, kept = prune(source, report.records)
        StageContent(table).unmark()
        terminal.say(f"{source.name}: {removed} old items were removed, {kept} stay.")


def _migrate(source: "Source", table: "Table", options: Options, terminal: "Terminal") -> Report:
    old, ours = _read(source, terminal)
    stage = StageContent(table)
    stored = stage.read()
    plan = make_plan(old, stored)
    records: list[Record] = []
    with terminal.progress("writing", len(old)) as advance:
        for record in Carrier(stage, stored, dry_run=options.dry_run).carry(plan):
            records.append(record)
            advance()
    return Report(
        source=source.name,
        stack=options.stack,
        is_dry_run=options.dry_run,
        read=Counter(sorted(item.kind for item in old)),
        ours=ours,
        records=records,
        verified={} if options.dry_run else verify(records, stage),
    )


def _read(source: "Source", terminal: "Terminal") -> tuple[list[OldItem], int]:
    """Return the old items, and the number of items in the new layout."""
    old, ours = list[OldItem](), 0
    with terminal.progress("reading", source.estimate()) as advance:
        for attributes in source.items():
            if is_ours(attributes):
                ours += 1
            else:
                old.append(OldItem.of(attributes))
            advance()
    if not old:
        terminal.warn(f"{source.name} has no items of the old layout.")
    return old, ours
