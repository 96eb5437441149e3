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
