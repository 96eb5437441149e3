"""`portfolio preview`."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="Preview environments of pull requests.")

_NONE: Final = "none"
"""Said when no pull request is open; an empty list may be a search that failed."""

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}

_Number = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The pull request's number.")]
_Patience = Annotated[
    float,
    typer.Option(min=0, help="Seconds that AWS may go on listing what has been deleted."),
]


@app.command()
def up(
    number: _Number,
    *,
    base: Annotated[
        str | None, typer.Option(help="A commit to compare the zip with, such as origin/main.")
    ] = None,
    summary: Annotated[
        Path | None, typer.Option(help="Where to put the summary; by default it is printed.")
    ] = None,
) -> None:
    """Make the preview of a pull request, or bring it up to date; sum up in Markdown.

    The summary has the address, what was created, replaced and deleted, and the zip beside the
    base's. It is what standard output gets; the engine's own words go to standard error.
    """
    from infra.previews.update import bring_up  # noqa: PLC0415 - seconds of imports

    terminal = Terminal()
    text = bring_up(number, base, terminal.note)
    if summary:
        summary.write_text(text)
    terminal.say(text.rstrip())


@app.command()
def down(number: _Number, *, patience: _Patience = 60) -> None:
    """Take a preview down, and forget its stack once nothing of it is left in AWS."""
    from infra.previews.teardown import take_down  # noqa: PLC0415 - as above

    take_down(number, patience, Terminal().step)


@app.command("list")
def list_() -> None:
    """List the previews there are: the last update, and how many resources."""
    from infra.automation import open_workspace  # noqa: PLC0415 - as above
    from infra.previews.stacks import list_previews, stack_name  # noqa: PLC0415
    from infra.stage_files import PREVIEW  # noqa: PLC0415

    terminal = Terminal()
    with open_workspace(PREVIEW) as workspace:
        previews = list_previews(workspace)
    for preview in previews:
        updated = f"{preview.updated:%Y-%m-%d %H:%M} UTC" if preview.updated else "never"
        terminal.say(
            f"{stack_name(preview.number):<8}  {updated:<20}  {preview.resources} resources"
        )
    if not previews:
        terminal.say("There is no preview.")


@app.command()
def sweep(
    *,
    open_numbers: Annotated[
        str, typer.Option("--open", help="The open pull requests, such as 12,15, or none.")
    ],
    idle: Annotated[
        str, typer.Option(help="How long an open one may go without an update: 12h, 7d.")
    ] = "7d",
    patience: _Patience = 60,
) -> None:
    """Take down the previews of closed pull requests, and of open ones left idle."""
    from infra.previews.sweep import sweep as run  # noqa: PLC0415 - as above

    run(_numbers(open_numbers), _duration(idle), patience, Terminal().step)


def _numbers(value: str) -> set[int]:
    words = [] if value == _NONE else value.replace(" ", "").split(",")
    if not all(re.fullmatch(r"[1-9]\d*", word) for word in words):
        raise typer.BadParameter(
            f"{value!r} must be the numbers of all open pull requests, such as 12,15; "
            f"{_NONE} if none is open, which takes every preview down.",
            param_hint="--open",
        )
    return {int(word) for word in words}


def _duration(value: str) -> timedelta:
    found = re.fullmatch(r"(\d+)([mhd])", value)
    if not found:
        raise typer.BadParameter(f"{value!r} is no time like 12h or 7d.", param_hint="--idle")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
