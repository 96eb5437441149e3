"""`portfolio secret set | list | remove`."""

from typing import Annotated, Final

import typer

from portfolio.commands.options import Stack, begin
from portfolio.commands.plain_help import PlainCommand, PlainGroup

_HELP: Final = """
Keep the secrets of a stage, such as the key of another service.

A secret is a SecretStr field of Settings in backend/src/config.py.

Examples:
    portfolio secret list --stack prod
    portfolio secret set MAIL_API_KEY --stack prod
"""

app = typer.Typer(cls=PlainGroup, help=_HELP)


def _in_capitals(name: str) -> str:
    return name.upper()


_Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        callback=_in_capitals,
        help="The variable's name, the field's in capitals: MAIL_API_KEY.",
    ),
]


@app.command("set", cls=PlainCommand)
def set_(
    name: _Name,
    *,
    stack: Stack,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Read the value from standard input, to its end.")
    ] = False,
) -> None:
    """Set a secret; the command asks for its value.

    The next deployment gives it to the function.

    Examples:
        portfolio secret set MAIL_API_KEY --stack prod
        portfolio secret set MAIL_API_KEY --stack local --stdin
    """
    terminal = begin(f"{stack}: setting {name}")
    from portfolio.secrets.stage_secrets import read_value, set_secret

    set_secret(name, stack, lambda: read_value(name, terminal, from_stdin=stdin), terminal)


@app.command("list", cls=PlainCommand)
def list_(*, stack: Stack) -> None:
    """List the names of a stage's secrets, and the missing ones.

    Examples:
        portfolio secret list --stack prod
    """
    terminal = begin(f"{stack}: reading the settings")
    from portfolio.secrets.stage_secrets import list_secrets

    list_secrets(stack, terminal)


@app.command(cls=PlainCommand)
def remove(name: _Name, *, stack: Stack) -> None:
    """Remove a secret; the next deployment takes it from the function.

    Examples:
        portfolio secret remove MAIL_API_KEY --stack dev
    """
    terminal = begin(f"{stack}: removing {name}")
    from portfolio.secrets.stage_secrets import remove_secret

    remove_secret(name, stack, terminal)
