"""`portfolio owner create | list | password | remove`."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from portfolio.commands.options import Json, PasswordStdin, Port, Stack, begin
from portfolio.commands.plain_help import PlainCommand, PlainGroup

if TYPE_CHECKING:
    from portfolio.owners.pool import UserPool

_HELP: Final = """
Manage a stage's owners, the users who may write.

Examples:
    portfolio owner list --stack prod
    portfolio owner create ada@example.com --stack prod
"""

app = typer.Typer(cls=PlainGroup, help=_HELP)


def _check_email(email: str) -> str:
    if "@" not in email:
        raise typer.BadParameter("must be an e-mail address.")
    return email


_Email = Annotated[
    str, typer.Argument(metavar="EMAIL", callback=_check_email, help="The user's e-mail address.")
]
_Generate = Annotated[bool, typer.Option("--generate", help="Generate a password and print it.")]


@app.command(cls=PlainCommand)
def create(
    email: _Email,
    *,
    stack: Stack,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The owner's name on the site.")
    ] = None,
    generate: _Generate = False,
    password_stdin: PasswordStdin = False,
    port: Port = None,
) -> None:
    """Create an owner with a password from an option or the terminal.

    The command can be repeated: it finishes an interrupted creation and promotes an existing user.

    Examples:
        portfolio owner create ada@example.com --stack prod --name Ada
        portfolio owner create ada@example.com --stack dev --generate
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.owners.manage import create_owner
    from portfolio.owners.passwords import PasswordSource

    source = PasswordSource(generate=generate, from_stdin=password_stdin)
    create_owner(_open_pool(stack, port), email, name, source, terminal)


@app.command("list", cls=PlainCommand)
def list_(*, stack: Stack, as_json: Json = False, port: Port = None) -> None:
    """List all users, owners and others.

    Examples:
        portfolio owner list --stack prod
        portfolio owner list --stack prod --json
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.owners.manage import list_users

    list_users(_open_pool(stack, port), terminal, as_json=as_json)


@app.command(cls=PlainCommand)
def password(
    email: _Email,
    *,
    stack: Stack,
    generate: _Generate = False,
    password_stdin: PasswordStdin = False,
    port: Port = None,
) -> None:
    """Set a user's password, and sign them out everywhere.

    Examples:
        portfolio owner password ada@example.com --stack prod
        portfolio owner password ada@example.com --stack dev --generate
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.owners.manage import change_password
    from portfolio.owners.passwords import PasswordSource

    source = PasswordSource(generate=generate, from_stdin=password_stdin)
    change_password(_open_pool(stack, port), email, source, terminal)


@app.command(cls=PlainCommand)
def remove(
    email: _Email,
    *,
    stack: Stack,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    last: Annotated[bool, typer.Option("--last", help="Allow removing the last owner.")] = False,
    port: Port = None,
) -> None:
    """Delete a user; their content stays.

    Examples:
        portfolio owner remove ada@example.com --stack dev --yes
    """
    terminal = begin(f"{stack}: opening the stage")
    from portfolio.owners.manage import remove_user

    remove_user(_open_pool(stack, port), email, terminal, ask=not yes, allow_last=last)


def _open_pool(stack: str, port: int | None) -> "UserPool":
    from portfolio.owners.pool import UserPool
    from portfolio.stage_access import open_stage

    stage = open_stage(stack, port)
    return UserPool(stage.cognito, stage.output("user_pool_id"), stack)
