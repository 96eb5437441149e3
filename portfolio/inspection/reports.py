"""`portfolio inspect`."""

import json
from pathlib import Path

from infra.package.cache.storage import find_last_zip
from infra.paths import ROOT
from portfolio.inspection.zip_changes import compare_zips, show_changes
from portfolio.inspection.zip_contents import read_contents, show_contents
from portfolio.terminal import Terminal


def inspect_zip(  # noqa: PLR0913 - the command's options
    path: Path | None,
    terminal: Terminal,
    *,
    depth: int,
    everything: bool,
    as_json: bool,
    project: Path = ROOT,
) -> None:
    """Show the contents of a zip, by default the one built last in this checkout.

    Raises:
        PackageError: if it is missing, or not a zip of ours.
    """
    path = path or find_last_zip(project)
    if as_json:
        terminal.say(json.dumps(read_contents(path), indent=2))
    else:
        show_contents(path, terminal, depth=depth, everything=everything)


def inspect_change(
    before: Path, after: Path, terminal: Terminal, *, everything: bool, as_json: bool
) -> None:
    """Show what changed from one zip to another.

    Raises:
        PackageError: if one is missing, or not a zip of ours.
    """
    changes = compare_zips(before, after)
    if as_json:
        terminal.say(json.dumps(changes, indent=2))
    else:
        show_changes(changes, terminal, everything=everything)
