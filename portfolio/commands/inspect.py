"""`portfolio inspect`."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.commands.options import Json, begin, stack_option, whole_number

_Zip = Annotated[
    Path | None, typer.Argument(metavar="ZIP", help="A zip (default: the last one built).")
]
_Other = Annotated[
    Path | None, typer.Argument(metavar="OTHER", help="A second zip to compare with ZIP.")
]
_Base = Annotated[
    str | None,
    typer.Option(
        metavar="COMMIT",
        help="Build the zips of this commit and of this checkout, and compare them.",
    ),
]
_Stage = Annotated[str, stack_option("With --base: the stage whose settings build the zips.")]
_Markdown = Annotated[
    bool,
    typer.Option(
        "--markdown", help="Print sizes and import times in Markdown, for a pull request."
    ),
]


def inspect(
    archive: _Zip = None,
    other: _Other = None,
    *,
    base: _Base = None,
    stage: _Stage = "local",
    depth: Annotated[
        int,
        typer.Option(metavar="NUMBER", parser=whole_number(1), help="Levels of folders to show."),
    ] = 2,
    everything: Annotated[bool, typer.Option("--all", help="Show every file.")] = False,
    as_json: Json = False,
    as_markdown: _Markdown = False,
) -> None:
    """Show the contents of a zip, or the differences between two zips.

    Examples:
        portfolio inspect
        portfolio inspect --depth 3
        portfolio inspect before.zip after.zip
        portfolio inspect --base origin/main
    """
    terminal = begin("reading the files of the zip")
    from portfolio.inspection.reports import (
        inspect_change,
        inspect_change_since,
        inspect_zip,
    )

    if as_json and as_markdown:
        raise typer.BadParameter("Use either --json or --markdown.", param_hint="--markdown")
    if base and archive:
        raise typer.BadParameter("--base builds both zips: leave out ZIP.", param_hint="--base")
    output = "json" if as_json else "markdown" if as_markdown else "text"
    if base:
        inspect_change_since(base, stage, terminal, everything=everything, output=output)
    elif archive and other:
        inspect_change(archive, other, terminal, everything=everything, output=output)
    else:
        inspect_zip(archive, terminal, depth=depth, everything=everything, output=output)
