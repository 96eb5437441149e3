"""`portfolio owner create | list | password | remove`."""

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from infra.errors import OwnerError
from portfolio.commands.options import Port, Stack
from portfolio.terminal import Terminal, printable

if TYPE_CHECKING:
    from portfolio.owners.pool import User, UserPool

app = typer.Typer(no_args_is_help=True, help="Who may write on a stage.")

_KEEPS: Final = (
    "{email} has a password and a name on {stack} already, and keeps them: leave --generate, "
    "--password-stdin and --name out, or use portfolio owner password."
)


def _check_email(email: str) -> str:
    if "@" not in email:
        raise typer.BadParameter("must be an e-mail address.")
    return email


_Email = Annotated[
    str, typer.Argument(metavar="EMAIL", callback=_check_email, help="Their e-mail address.")
]
_Generate = Annotated[bool, typer.Option("--generate", help="Make a password up, and print it.")]
_FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@app.command()
def create(  # noqa: PLR0913 - options
    email: _Email,
    *,
    stack: Stack,
    name: Annotated[str | None, typer.Option(help="What the site calls them.")] = None,
    generate: _Generate = False,
    password_stdin: _FromStdin = False,
    port: Port = None,
) -> None:
    """Make an owner, with a password that is asked for, read, or made up."""
    pool, terminal = _open(stack, port), Terminal()
    known = pool.find(email)
    if known and not known.is_enabled:
        raise OwnerError(
            f"{known.email} is disabled on {stack}: enable them first (aws cognito-idp "
            f"admin-enable-user), or remove them."
        )
    if known and known.is_ready:
        if generate or password_stdin or name:
            raise OwnerError(_KEEPS.format(email=known.email, stack=stack))
        _promote(pool, known, stack, terminal)
        return
    address = known.email if known else email
    password = _choose(address, generate=generate, from_stdin=password_stdin)
    pool.create(address, password, name)
    told = " (who had been half made)" if known else ""
    terminal.say(f"{address}{told} is an owner of {stack}.")
    if generate:
        terminal.say(f"Password: {password}")


@app.command("list")
def list_(*, stack: Stack, port: Port = None) -> None:
    """List everybody who can sign in."""
    terminal = Terminal()
    users = _open(stack, port).users()
    for user in users:
        terminal.say(printable(_describe(user)))
    if not users:
        terminal.say(f"{stack} has no owner: portfolio owner create EMAIL --stack {stack}")


@app.command()
def password(
    email: _Email,
    *,
    stack: Stack,
    generate: _Generate = False,
    password_stdin: _FromStdin = False,
    port: Port = None,
) -> None:
    """Give somebody another password, and sign them out everywhere."""
    pool, terminal = _open(stack, port), Terminal()
    address = _known(pool, email, stack).email
    chosen = _choose(address, generate=generate, from_stdin=password_stdin)
    pool.set_password(address, chosen)
    terminal.say(f"{address} has another password on {stack}.")
    if generate:
        terminal.say(f"Password: {chosen}")
    pool.sign_out(address)
    terminal.say("They are signed out everywhere, within the hour.")


@app.command()
def remove(
    email: _Email,
    *,
    stack: Stack,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    last: Annotated[bool, typer.Option("--last", help="Even if nobody may write then.")] = False,
    port: Port = None,
) -> None:
    """Delete a user; what they have written stays."""
    pool = _open(stack, port)
    user = _known(pool, email, stack)
    writers = [each for each in pool.users() if each.can_write]
    if writers == [user] and not last:
        raise OwnerError(
            f"{user.email} is the only owner of {stack} who can sign in: create another first, "
            "or say --last."
        )
    if not yes:
        _confirm(f"Delete {printable(user.email)} from {stack}?")
    pool.remove(user.email)
    Terminal().say(f"{user.email} is gone from {stack}.")


def _open(stack: str, port: int | None) -> "UserPool":
    from portfolio.owners.pool import UserPool  # noqa: PLC0415 - boto3 is slow
    from portfolio.stage_access import open_stage  # noqa: PLC0415 - as above

    stage = open_stage(stack, port)
    return UserPool(stage.cognito, stage.output("user_pool_id"), stack)


def _promote(pool: "UserPool", user: "User", stack: str, terminal: Terminal) -> None:
    """Make an owner of somebody who can sign in already."""
    if user.is_owner:
        raise OwnerError(
            f"{user.email} is an owner of {stack} already. Another password: "
            f"portfolio owner password {user.email} --stack {stack}"
        )
    pool.make_owner(user.email)
    terminal.say(f"{user.email} could sign in before, and is an owner of {stack} now.")
    terminal.say("The password is the one they have.")


def _confirm(question: str) -> None:
    if not sys.stdin.isatty():
        raise OwnerError("There is no terminal to ask on: say --yes.")
    if not typer.confirm(question):
        raise OwnerError("Nobody was deleted.")


def _known(pool: "UserPool", email: str, stack: str) -> "User":
    user = pool.find(email)
    if user is None:
        raise OwnerError(f"{stack} has no user {email}: see portfolio owner list --stack {stack}")
    return user


def _choose(email: str, *, generate: bool, from_stdin: bool) -> str:
    from portfolio.owners.passwords import make_up_password, read_password  # noqa: PLC0415 - as above

    if generate and from_stdin:
        raise OwnerError("--generate and --password-stdin are one too many: choose one.")
    if generate:
        return make_up_password()
    return read_password(email, from_stdin=from_stdin, confirm=True)


def _describe(user: "User") -> str:
    role = "owner" if user.is_owner else "may not write"
    half = "" if user.is_ready else "  has no password yet: create them again"
    state = user.status if user.is_enabled else "DISABLED"
    return (
        f"{user.email:<32}  {role:<13}  {state:<21}  since {user.created:%Y-%m-%d}, "
        f"changed {user.changed:%Y-%m-%d}{half}"
    )
