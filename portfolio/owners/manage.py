"""The steps of `portfolio owner` on a stage's user pool."""

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from rich.table import Column
from rich.text import Text

from infra.components.names import ROLE_ATTRIBUTE, TOKEN_MINUTES
from infra.errors import OwnerError
from portfolio.tables.cells import Name, lined_table
from portfolio.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from portfolio.owners.passwords import PasswordSource
    from portfolio.owners.pool import User, UserPool
    from portfolio.terminal import Terminal

_LAST_TOKEN: Final = f"an ID token works for {TOKEN_MINUTES} more minutes at most"


def create_owner(
    pool: "UserPool", email: str, name: str | None, source: "PasswordSource", terminal: "Terminal"
) -> None:
    """Create an owner, finish an interrupted creation, or promote an existing user.

    Args:
        pool: the stage's users.
        email: the owner's address.
        name: the owner's name on the site.
        source: the source of the password; an existing user keeps theirs.
        terminal: prints the result, and a generated password.

    Raises:
        PortfolioError: if the user is an owner already or disabled, or Cognito refuses a value.
    """
    known = pool.find(email)
    if known and not known.is_enabled:
        raise OwnerError(
            f"{known.email} is disabled on {pool.stack}: enable them first "
            "(aws cognito-idp admin-enable-user), or remove them."
        )
    if known and known.is_ready:
        _promote(pool, known, terminal, keeps_all=not (source.is_chosen or name))
        return
    # Cognito ignores the case of a new address; the emulator does not.
    address = known.email if known else email.lower()
    password = source.choose(address, terminal)
    pool.create(address, password, name)
    finished = " (an interrupted creation is finished)" if known else ""
    terminal.say(f"{address} is an owner of {pool.stack}{finished}.")
    if source.generate:
        terminal.say(f"Password: {password}")


def list_users(pool: "UserPool", terminal: "Terminal", *, as_json: bool) -> None:
    """Print a table of the users with a warning for each incomplete owner, or JSON.

    Raises:
        PortfolioError: if AWS refuses the list or cannot be reached.
    """
    users = pool.users()
    if as_json:
        terminal.say(json.dumps([asdict(user) for user in users], indent=2, default=str))
        return
    if not users:
        terminal.say(
            f"{pool.stack} has no users. Create one: "
            f"portfolio owner create EMAIL --stack {pool.stack}"
        )
        return
    terminal.show(_table(users))
    for user in users:
        if gap := _find_gap(user):
            terminal.warn(f"{printable(user.email)} {gap}.")


def change_password(
    pool: "UserPool", email: str, source: "PasswordSource", terminal: "Terminal"
) -> None:
    """Set a user's password, and end their sessions.

    Raises:
        PortfolioError: if the user does not exist, or the pool refuses the password.
    """
    address = _existing(pool, email).email
    chosen = source.choose(address, terminal)
    pool.set_password(address, chosen)
    terminal.say(f"{address} has a new password on {pool.stack}.")
    if source.generate:
        terminal.say(f"Password: {chosen}")
    pool.sign_out(address)
    terminal.say(f"Their sessions are over; {_LAST_TOKEN}.")


def remove_user(
    pool: "UserPool", email: str, terminal: "Terminal", *, ask: bool, allow_last: bool
) -> None:
    """Delete a user.

    Args:
        pool: the stage's users.
        email: the user's address.
        terminal: asks for a confirmation, and prints the result.
        ask: True to ask first.
        allow_last: True to remove even the last owner.

    Raises:
        PortfolioError: if the user does not exist or is the last owner, or the answer is no.
    """
    user = _existing(pool, email)
    writers = [each for each in pool.users() if each.can_write]
    if writers == [user] and not allow_last:
        raise OwnerError(
            f"{user.email} is the only owner of {pool.stack} who can sign in: "
            "create another owner first, or pass --last."
        )
    if ask:
        _confirm(f"Delete {printable(user.email)} from {pool.stack}?", terminal)
    pool.remove(user.email)
    terminal.say(f"{user.email} is deleted from {pool.stack}; {_LAST_TOKEN}.")


def _promote(pool: "UserPool", user: "User", terminal: "Terminal", *, keeps_all: bool) -> None:
    """Make an existing user an owner, with the password and name they have."""
    if not keeps_all:
        raise OwnerError(
            f"{user.email} already has a password and a name on {pool.stack}, and keeps them: "
            "leave out --generate, --password-stdin and --name, or use portfolio owner password."
        )
    if user.is_owner and user.has_role:
        raise OwnerError(
            f"{user.email} is an owner of {pool.stack} already. To set another password: "
            f"portfolio owner password {user.email} --stack {pool.stack}"
        )
    pool.make_owner(user.email)
    terminal.say(f"{user.email} could already sign in, and is an owner of {pool.stack} now.")
    terminal.say("Their password is unchanged.")


def _confirm(question: str, terminal: "Terminal") -> None:
    if not sys.stdin.isatty():
        raise OwnerError(
            "Cannot ask for confirmation, because standard input is not a terminal: pass --yes."
        )
    if not terminal.confirm(question):
        raise OwnerError("Nothing was deleted.")


def _existing(pool: "UserPool", email: str) -> "User":
    user = pool.find(email)
    if user is None:
        raise OwnerError(
            f"{pool.stack} has no user {email}: see portfolio owner list --stack {pool.stack}"
        )
    return user


def _table(users: "Iterable[User]") -> "Table":
    state = Column("Role, state", min_width=14, max_width=21)
    days = (Column(title, no_wrap=True) for title in ("Since", "Changed"))
    table = lined_table("User", state, *days)
    for user in users:
        role = "owner" if user.is_owner else "may not write"
        table.add_row(
            Name(Text(printable(user.email), "bold cyan")),
            f"{role}, {user.status if user.is_enabled else 'DISABLED'}",
            f"{user.created:%Y-%m-%d}",
            f"{user.changed:%Y-%m-%d}",
        )
    return table


def _find_gap(user: "User") -> str:
    """Return the missing part of an incomplete owner with the next step, or nothing."""
    if user.has_role and not user.is_owner:
        return (
            f"has {ROLE_ATTRIBUTE} without the group: owner create completes, owner remove deletes"
        )
    if user.is_owner and not user.has_role:
        return f"lacks {ROLE_ATTRIBUTE}: repeat owner create"
    return "" if user.is_ready else "has no password yet: repeat owner create"
