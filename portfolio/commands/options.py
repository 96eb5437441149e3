"""Options shared by several commands."""

from typing import Annotated

import typer

DeployedStack = Annotated[str, typer.Option("--stack", "-s", help="The stage: dev or prod.")]
Stack = Annotated[
    str, typer.Option("--stack", "-s", help="The stage: dev, prod, pr-12 …, or local (make up).")
]
Port = Annotated[
    int | None, typer.Option(help="The local stage's port, if several local stages run.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
