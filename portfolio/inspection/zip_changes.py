"""Differences between two zips."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, Literal, TypedDict

from packaging.version import InvalidVersion, Version
from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from infra.package.inventory import Distribution, File, Inventory, read_inventory
from portfolio.inspection.sizes import format_change, format_size
from portfolio.inspection.zip_contents import Summary, show_summary, summarise_zip
from portfolio.tables.cells import Name, number_column, plain_table
from portfolio.terminal import Terminal, printable

type Direction = Literal["added", "removed", "up", "down", "changed"]

_STYLES: Final[dict[str, str]] = {"added": "green", "removed": "red"}
_FILES_SHOWN: Final = 30


class FileChange(TypedDict):
    """A file with different contents in two zips.

    Sizes are unzipped bytes, and `None` in the zip without the file.
    """

    name: str
    change: Literal["added", "removed", "changed"]
    before: int | None
    after: int | None


class DistributionChange(TypedDict):
    """A distribution with different versions in two zips.

    A version is `None` in the zip without the distribution.
    """

    name: str
    change: Direction
    before: str | None
    after: str | None


class Changes(TypedDict):
    """All differences between two zips."""

    before: Summary
    after: Summary
    files: list[FileChange]
    distributions: list[DistributionChange]


def compare_zips(before: Path, after: Path) -> Changes:
    """Return the differences between two zips.

    Raises:
        PackageError: if a file is missing, or is not a zip of this project.
    """
    old, new = read_inventory(before, check=True), read_inventory(after, check=True)
    return {
        "before": summarise_zip(before, old),
        "after": summarise_zip(after, new),
        "files": list(_compare_files(old, new)),
        "distributions": list(_compare_distributions(_versions(old), _versions(new))),
    }


def show_changes(changes: Changes, terminal: Terminal, *, everything: bool) -> None:
    """Print the differences, at most 30 files of them unless `everything` is true."""
    before, after = changes["before"], changes["after"]
    show_summary(before, terminal)
    show_summary(after, terminal)
    if before["sha256"] == after["sha256"]:
        terminal.say("The zips are identical.")
        return
    zipped, unzipped = (format_change(before[size], after[size]) for size in ("zipped", "unzipped"))
    terminal.say(f"{zipped} zipped, {unzipped} unzipped", "bold")
    shown = None if everything else _FILES_SHOWN
    for table in (
        *_distribution_table(changes["distributions"]),
        *_file_table(changes["files"], shown),
    ):
        terminal.show(Group("", table))


def _compare_files(before: Inventory, after: Inventory) -> Iterable[FileChange]:
    old, new = _files(before), _files(after)
    for name in sorted(old.keys() | new.keys()):
        then, now = old.get(name), new.get(name)
        if then is None or now is None or _content(then) != _content(now):
            yield {
                "name": name,
                "change": "added" if then is None else "removed" if now is None else "changed",
                "before": then and then.unzipped,
                "after": now and now.unzipped,
            }


def _files(inventory: Inventory) -> dict[str, File]:
    return {file.name: file for file in inventory.files}


def _content(file: File) -> tuple[int, int]:
    return file.unzipped, file.checksum


def _versions(inventory: Inventory) -> dict[str, Distribution]:
    return {each["name"]: each for each in inventory.distributions}


def _compare_distributions(
    old: Mapping[str, Distribution], new: Mapping[str, Distribution]
) -> Iterable[DistributionChange]:
    for name in sorted(old.keys() | new.keys(), key=str.lower):
        then = old[name]["version"] if name in old else None
        now = new[name]["version"] if name in new else None
        if then != now:
            yield {"name": name, "change": _direction(then, now), "before": then, "after": now}


def _direction(before: str | None, after: str | None) -> Direction:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    try:
        return "up" if Version(after) > Version(before) else "down"
    except InvalidVersion:
        return "changed"


def _distribution_table(changes: list[DistributionChange]) -> Iterable[RenderableType]:
    if not changes:
        return
    table = _table("Distribution", "Before", "After")
    for each in changes:
        change = Text(each["change"], _STYLES.get(each["change"], "yellow"))
        versions = map(printable, (each["before"] or "", each["after"] or ""))
        table.add_row(change, _name(each), *versions)
    yield table


def _file_table(changes: list[FileChange], shown: int | None) -> Iterable[RenderableType]:
    """Return a table of the files with the largest differences, sorted by name."""
    heaviest = sorted(changes, key=lambda each: -_difference(each))[:shown]
    if not changes:
        return
    table = _table("File", "Size", "Difference")
    for each in sorted(heaviest, key=lambda each: each["name"]):
        change = Text(each["change"], _STYLES.get(each["change"], "yellow"))
        before, after = each["before"] or 0, each["after"] or 0
        size = "" if each["after"] is None else format_size(after)
        table.add_row(change, _name(each), size, format_change(before, after))
    yield table
    if len(changes) > len(heaviest):
        yield Text(f"… {len(changes) - len(heaviest)} more files (show them with --all)", "dim")


def _name(change: FileChange | DistributionChange) -> Name:
    return Name(Text(printable(change["name"]), "cyan"))


def _difference(change: FileChange) -> int:
    return abs((change["after"] or 0) - (change["before"] or 0))


def _table(name: str, *columns: str) -> Table:
    return plain_table(Column("", no_wrap=True), name, *map(number_column, columns))
