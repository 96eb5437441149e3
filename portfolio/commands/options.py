"""Options shared by several commands."""

from typing import Annotated, Final

import typer

STACK_NAMES: Final = "--stack", "--stage", "-s"
"""Names of the option for a stage, in every command alike."""

DeployedStack = Annotated[
    str, typer.Option(*STACK_NAMES, metavar="STAGE", help="The stage: dev or prod.")
]
Stack = Annotated[
    str,
    typer.Option(
        *STACK_NAMES, metavar="STAGE", help="The stage: dev, prod, pr-12 …, or local (make up)."
    ),
]
Port = Annotated[
    int | None,
    typer.Option(metavar="PORT", help="The local stage's port, if several local stages run."),
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
