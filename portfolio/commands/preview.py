"""`portfolio preview`."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.errors import StackError
from portfolio.commands.options import begin, in_a_folder, whole_number
from portfolio.commands.plain_help import PlainCommand, PlainGroup

_HELP: Final = """
Deploy, list and delete previews of pull requests.

Examples:
    portfolio preview up 12
    portfolio preview list
    portfolio preview down 12
"""

app = typer.Typer(cls=PlainGroup, help=_HELP)

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_NOBODY: Final = "none"
_LARGEST: Final = 9_999_999_999
"""The limit of ten digits for the number in a preview's stack name."""


_Number = Annotated[
    int,
    typer.Argument(
        metavar="NUMBER", parser=whole_number(1, _LARGEST), help="The pull request's number."
    ),
]
_Wait = Annotated[
    int,
    typer.Option(
        parser=whole_number(0),
        help="Time limit in seconds for AWS to stop listing deleted resources.",
        metavar="SECONDS",
    ),
]
_Open = Annotated[
    str,
    typer.Option(
        "--open",
        metavar="NUMBERS",
        help="The open pull requests, such as 12,15, or the word none.",
    ),
]
_Idle = Annotated[
    str,
    typer.Option(
        metavar="TIME",
        help="Delete an open pull request's preview after this time without an update: "
        "90m, 12h or 7d.",
    ),
]
_Only = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        parser=whole_number(1, _LARGEST),
        help="Consider only this preview.",
    ),
]
_DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Delete nothing. Print the unused previews as JSON, such as [12,15].",
    ),
]


@app.command(cls=PlainCommand)
def up(
    number: _Number,
    *,
    summary: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Also write the summary to this file.",
            dir_okay=False,
            callback=in_a_folder,
        ),
    ] = None,
) -> None:
    """Deploy this checkout as the preview of a pull request, and print a summary in Markdown.

    The summary lists the address and the created, replaced, updated and deleted resources.
    Progress goes to standard error.

    Examples:
        portfolio preview up 12
        portfolio preview up 12 --summary summary.md
    """
    terminal = begin(f"pr-{number}: reading its settings")
    from infra.settings import load_stage_settings
    from portfolio.previews.stacks import stack_name
    from portfolio.previews.update import update_preview

    text = update_preview(number, load_stage_settings(stack_name(number)), terminal.note)
    terminal.say(text.rstrip())
    if summary:
        _write(summary, text)


@app.command(cls=PlainCommand)
def down(number: _Number, *, wait: _Wait = 60) -> None:
    """Delete a preview's resources, search AWS for leftovers, and delete its stack.

    Examples:
        portfolio preview down 12
    """
    terminal = begin(f"pr-{number}: reading its settings")
    from infra.settings import load_stage_settings
    from portfolio.previews.stacks import stack_name
    from portfolio.previews.teardown import take_down

    settings = load_stage_settings(stack_name(number))
    take_down(number, settings, timedelta(seconds=wait), terminal)


@app.command("list", cls=PlainCommand)
def list_() -> None:
    """List the previews with their last update and number of resources.

    Examples:
        portfolio preview list
    """
    terminal = begin("reading the state of the previews")
    from portfolio.previews.stacks import show_previews

    show_previews(terminal)


@app.command(cls=PlainCommand)
def sweep(
    *,
    open_numbers: _Open,
    idle: _Idle = "7d",
    only: _Only = None,
    dry_run: _DryRun = False,
    wait: _Wait = 60,
) -> None:
    """Delete the previews of closed pull requests, and previews without a recent update.

    Examples:
        portfolio preview sweep --open 12,15 --dry-run
        portfolio preview sweep --open none --idle 2d
    """
    terminal = begin("reading the state of the previews")
    from portfolio.previews.sweep import Need, show_unused
    from portfolio.previews.sweep import sweep as run

    need = Need(_numbers(open_numbers), _duration(idle), only)
    if dry_run:
        show_unused(need, terminal)
    else:
        run(need, timedelta(seconds=wait), terminal)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StackError(
            f"The preview is deployed and its summary printed, but {file} cannot be written: "
            f"{error.strerror}."
        ) from None


def _numbers(value: str) -> set[int]:
    if value.strip() == _NOBODY:
        return set()
    words = [word.strip() for word in value.split(",")]
    if words == [""]:
        raise typer.BadParameter(
            "is empty, so every preview would be deleted. Name the open pull requests (12,15), "
            f"or pass --open {_NOBODY} if no pull request is open.",
            param_hint="--open",
        )
    if not all(re.fullmatch(r"[1-9]\d*", word) for word in words):
        raise typer.BadParameter(
            f"{value!r} is not a list of numbers like 12,15.", param_hint="--open"
        )
    return {int(word) for word in words}


def _duration(value: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,6})([mhd])", value)
    if not found:
        raise typer.BadParameter(f"{value!r} is not a time like 12h or 7d.", param_hint="--idle")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
