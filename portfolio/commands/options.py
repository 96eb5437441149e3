"""Options shared by several commands."""

import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from infra.paths import ROOT

if TYPE_CHECKING:
    from portfolio.terminal import Terminal

STACK_NAMES: Final = "--stack", "--stage", "-s"
"""Names of the option for a stage, in every command alike."""

_PREVIEW: Final = "pr-<number>"


def begin(line: str) -> "Terminal":
    """Open the terminal with a line of progress, before the slow imports of a command."""
    from portfolio.terminal import Terminal

    return Terminal().begin(line)


def complete_stack() -> list[str]:
    """Return the stages with a file, for the completion in a shell."""
    return sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))


def _check_stack(stack: str | None) -> str | None:
    """Refuse an unknown stage in a moment, before slow modules are imported."""
    if stack is None:
        return None
    name = stack.rpartition("/")[2]
    known = complete_stack()
    if name in known or re.fullmatch(r"pr-[1-9]\d{0,9}", name):
        return stack
    near = get_close_matches(name.lower(), known, n=1)
    suggestion = f": did you mean {near[0]}?" if near else "."
    raise typer.BadParameter(
        f"unknown stage {stack}{suggestion} The stages are {', '.join([*known, _PREVIEW])}."
    )


def stack_option(text: str, *names: str) -> Any:  # noqa: ANN401 - Typer's own type
    """Return the option for a stage, with this help and, by default, the usual names."""
    return typer.Option(
        *(names or STACK_NAMES),
        metavar="STAGE",
        help=text,
        callback=_check_stack,
        autocompletion=complete_stack,
    )


def in_a_folder(file: Path | None) -> Path | None:
    """Refuse a file to write in a missing folder, before the work begins."""
    if file and not os.access(file.parent, os.W_OK | os.X_OK):
        raise typer.BadParameter(f"{file.parent} is not a folder with write permission.")
    return file


def whole_number(least: int, most: int | None = None) -> Callable[[object], int]:
    """Return a parser of whole numbers between two limits, for an option or argument."""
    limits = f"from {least} to {most}" if most else f"of at least {least}"

    def parse(value: object) -> int:
        if re.fullmatch(r"-?[0-9]{1,18}", text := str(value)):
            number = int(text)
            if number >= least and (most is None or number <= most):
                return number
        raise typer.BadParameter(f"{value} is not a whole number {limits}.")

    return parse


DeployedStack = Annotated[str, stack_option("The stage: dev or prod.")]
Stack = Annotated[str, stack_option("The stage: dev, prod, pr-12 …, or local (make up).")]
Port = Annotated[
    int | None,
    typer.Option(
        metavar="PORT",
        parser=whole_number(1, 65535),
        help="The local stage's port, if several local stages run.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


def _check_path(path: str) -> str:
    if path and not path.startswith("/"):
        raise typer.BadParameter(f"{path} does not start with /: use a path such as /blogs?limit=1")
    return path


Method = Annotated[str, typer.Argument(metavar="METHOD", help="GET, POST, PUT, DELETE …")]
RequestPath = Annotated[
    str,
    typer.Argument(
        metavar="PATH", help="The path with its query: /blogs?limit=1", callback=_check_path
    ),
]
Body = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="The body in JSON, @FILE, or @- for standard input."),
]
