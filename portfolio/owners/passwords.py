"""Passwords: asked for, read or made up, and never an argument, which every process could see."""

import secrets
import sys

import typer

from infra.errors import OwnerError
from portfolio.terminal import printable


def make_up_password() -> str:
    """A password that nobody knows yet, of 96 random bits."""
    # The tail holds one of each kind of character that the pool's policy asks for.
    return secrets.token_urlsafe(12) + "-Aa1"


def read_password(email: str, *, from_stdin: bool, confirm: bool) -> str:
    """Ask for a password on the terminal, without showing it, or read a line of standard input.

    Args:
        email: whose password.
        from_stdin: whether to read it.
        confirm: whether to ask a second time.

    Raises:
        OwnerError: if there is neither a line nor a terminal.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise OwnerError("There is no password on standard input.")
        return password
    if not sys.stdin.isatty():
        raise OwnerError("There is no terminal to ask for a password on: use --password-stdin.")
    return typer.prompt(
        f"Password of {printable(email)}", hide_input=True, confirmation_prompt=confirm
    )
