"""`portfolio preview`."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from infra.errors import StackError
from portfolio.terminal import Terminal

app = typer.Typer(no_args_is_help=True, help="Look after the previews of pull requests.")

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_NOBODY: Final = "none"
_LARGEST: Final = 9_999_999_999
"""A number of ten digits is what a preview's stack can be named after."""


def _in_a_folder(file: Path | None) -> Path | None:
    """Refuse, before anything is made, a file whose folder is not there."""
    if file and not os.access(file.parent, os.W_OK | os.X_OK):
        raise typer.BadParameter(f"{file.parent} is no folder that can be written to.")
    return file


_Number = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, max=_LARGEST, help="The pull request's number.")
]
_Wait = Annotated[
    int,
    typer.Option(
        min=0, help="Seconds that AWS may go on listing what has been deleted.", metavar="SECONDS"
    ),
]


@app.command()
def up(
    number: _Number,
    *,
    base: Annotated[
        str | None,
        typer.Option(
            help="The commit to compare the zip with, or none; by default origin/main, else main."
        ),
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option(help="A file for the summary, too.", dir_okay=False, callback=_in_a_folder),
    ] = None,
) -> None:
    """Make the preview of a pull request, or bring it up to date; sum that up in Markdown.

    The summary has the address, what was created, replaced and deleted, and the zip beside the
    base's. Standard output gets nothing else: what the engine says goes to standard error.
    """
    from infra.settings import load_stage_settings  # noqa: PLC0415 - as above
    from portfolio.previews.stacks import stack_name  # noqa: PLC0415 - seconds of imports
    from portfolio.previews.update import update_preview  # noqa: PLC0415 - as above

    terminal = Terminal()
    settings = load_stage_settings(stack_name(number))
    text = update_preview(number, settings, base, terminal.note)
    terminal.say(text.rstrip())
    if summary:
        _write(summary, text)


@app.command()
def down(number: _Number, *, wait: _Wait = 60) -> None:
    """Delete a preview, and forget its stack once AWS has nothing of it left."""
    from infra.settings import load_stage_settings  # noqa: PLC0415 - as above
    from portfolio.previews.stacks import stack_name  # noqa: PLC0415 - as above
    from portfolio.previews.teardown import take_down  # noqa: PLC0415 - as above

    settings = load_stage_settings(stack_name(number))
    take_down(number, settings, timedelta(seconds=wait), Terminal())


@app.command("list")
def list_() -> None:
    """List the previews: the last update, and how many resources."""
    from portfolio.previews.listing import show_previews  # noqa: PLC0415 - as above

    show_previews(Terminal())


@app.command()
def sweep(
    *,
    open_numbers: Annotated[
        str,
        typer.Option(
            "--open", metavar="NUMBERS", help="The open pull requests: 12,15, or none if none is."
        ),
    ],
    idle: Annotated[
        str, typer.Option(help="How long an open one may go without an update: 90m, 12h, 7d.")
    ] = "7d",
    only: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", min=1, max=_LARGEST, help="Consider no other preview."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Change nothing; print what would go as JSON, such as [12,15]."
        ),
    ] = False,
    wait: _Wait = 60,
) -> None:
    """Delete the previews of closed pull requests, and of open ones left idle."""
    from portfolio.previews.sweep import Need, show_unused  # noqa: PLC0415 - as above
    from portfolio.previews.sweep import sweep as run  # noqa: PLC0415 - as above

    need = Need(_numbers(open_numbers), _duration(idle), only)
    if dry_run:
        show_unused(need, Terminal())
    else:
        run(need, timedelta(seconds=wait), Terminal())


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StackError(
            f"The preview is up, and its summary printed, but {file} cannot be written: "
            f"{error.strerror}."
        ) from None


def _numbers(value: str) -> set[int]:
    if value.strip() == _NOBODY:
        return set()
    words = [word.strip() for word in value.split(",")]
    if words == [""]:
        raise typer.BadParameter(
            "is empty, and would take every preview down: name the open pull requests (12,15), "
            f"or say {_NOBODY}.",
            param_hint="--open",
        )
    if not all(re.fullmatch(r"[1-9]\d*", word) for word in words):
        raise typer.BadParameter(
            f"{value!r} is no list of numbers like 12,15.", param_hint="--open"
        )
    return {int(word) for word in words}


def _duration(value: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,6})([mhd])", value)
    if not found:
        raise typer.BadParameter(f"{value!r} is no time like 12h or 7d.", param_hint="--idle")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
