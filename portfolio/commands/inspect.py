"""`portfolio inspect`."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.commands.options import Json
from portfolio.terminal import Terminal


def inspect(
    archive: Annotated[
        Path | None, typer.Argument(metavar="ZIP", help="By default the zip built last.")
    ] = None,
    other: Annotated[
        Path | None, typer.Argument(metavar="OTHER", help="Shows what changed from ZIP to this.")
    ] = None,
    *,
    depth: Annotated[int, typer.Option(min=1, help="How deep the tree goes.")] = 2,
    everything: Annotated[bool, typer.Option("--all", help="Leave nothing out.")] = False,
    as_json: Json = False,
) -> None:
    """Show what is in a zip; of two, what changed from the first to the second."""
    from portfolio.inspection.reports import inspect_change, inspect_zip  # noqa: PLC0415 - seconds of imports

    terminal = Terminal()
    if archive and other:
        inspect_change(archive, other, terminal, everything=everything, as_json=as_json)
    else:
        inspect_zip(archive, terminal, depth=depth, everything=everything, as_json=as_json)
