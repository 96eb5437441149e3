"""Contents of a zip."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from infra.package.inventory import Distribution, Inventory, Weight, read_inventory
from infra.package.manifest import Manifest, file_sha256, read_manifest
from portfolio.inspection.sizes import format_size
from portfolio.inspection.zip_tree import Row, build_tree, list_rows
from portfolio.tables.cells import Bar, Name, number_column, plain_table
from portfolio.terminal import Terminal, printable


class Summary(TypedDict):
    """Path, digest and sizes of a zip. Sizes are in bytes."""

    path: str
    sha256: str
    zipped: int
    unzipped: int


class Contents(Summary):
    """Files, packages and distributions of a zip, and its manifest, if any."""

    files: list[Weight]
    packages: list[Weight]
    distributions: list[Distribution]
    manifest: Manifest | None


def summarise_zip(path: Path, inventory: Inventory) -> Summary:
    """Return the path, digest and sizes of a zip."""
    return {
        "path": str(path),
        "sha256": file_sha256(path),
        "zipped": path.stat().st_size,
        "unzipped": inventory.unzipped,
    }


def read_contents(path: Path) -> Contents:
    """Return the contents of a zip.

    Raises:
        PackageError: if the file is missing, or is not a zip of this project.
    """
    inventory = read_inventory(path, check=True)
    return {
        **summarise_zip(path, inventory),
        "files": [
            {"name": file.name, "zipped": file.zipped, "unzipped": file.unzipped}
            for file in inventory.files
        ],
        "packages": inventory.packages(),
        "distributions": inventory.distributions,
        "manifest": find_manifest(path),
    }


def show_contents(path: Path, terminal: Terminal, *, depth: int, everything: bool) -> None:
    """Print the contents of a zip.

    Raises:
        PackageError: if the file is missing, or is not a zip of this project.
    """
    inventory = read_inventory(path, check=True)
    show_summary(summarise_zip(path, inventory), terminal)
    if manifest := find_manifest(path):
        terminal.say(_describe_origin(manifest))
    root = build_tree(inventory.files)
    rows = list_rows(root, depth=depth, everything=everything)
    terminal.show(Group("", _tree_table(rows, root.unzipped), ""))
    terminal.show(_distribution_table(inventory.distributions))


def show_summary(summary: Summary, terminal: Terminal) -> None:
    """Print the path, sizes and digest of a zip in two lines."""
    terminal.say(summary["path"], "bold")
    sizes = f"{format_size(summary['zipped'])} zipped, {format_size(summary['unzipped'])} unzipped"
    terminal.say(f"{sizes}  sha256:{summary['sha256']}", "dim")


def find_manifest(path: Path) -> Manifest | None:
    """Return a zip's manifest, if it has a readable one."""
    with suppress(OSError, json.JSONDecodeError):
        return read_manifest(path)
    return None


def _describe_origin(manifest: Manifest) -> str:
    image = f" ({manifest['image']})" if manifest["image"] else ""
    return (
        f"for {manifest['runtime']} on {manifest['architecture']}, "
        f"dependencies installed by {manifest['engine']}{image}"
    )


def _tree_table(rows: Iterable[Row], total: int) -> Table:
    table = plain_table("File", number_column("unzipped"), number_column("zipped"), "share")
    for row in rows:
        node = row.node
        name = Name(Text(printable(node.name), "cyan" if node.children else ""), row.guide)
        bar = Bar(node.unzipped / total)
        table.add_row(name, format_size(node.unzipped), format_size(node.zipped), bar)
    return table


def _distribution_table(distributions: Iterable[Distribution]) -> Table:
    table = plain_table("Distribution", Column("Version", no_wrap=True), "Licence")
    for each in distributions:
        name, version, licence = map(printable, (each["name"], each["version"], each["licence"]))
        table.add_row(Name(Text(name, "cyan")), version, Text(licence, "dim"))
    return table
