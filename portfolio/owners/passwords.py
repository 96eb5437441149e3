"""Passwords: asked for, read or generated, and never visible as an argument of the process."""

import secrets
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.errors import CommandLineError, OwnerError
from portfolio.terminal import printable

if TYPE_CHECKING:
    from portfolio.terminal import Terminal


@dataclass(frozen=True)
class PasswordSource:
    """The source of a new password: generated, from standard input, or else the terminal."""

    generate: bool = False
    from_stdin: bool = False

    @property
    def is_chosen(self) -> bool:
        """True if the command line names a source."""
        return self.generate or self.from_stdin

    def choose(self, email: str, terminal: "Terminal") -> str:
        """Return a new password for a user.

        Raises:
            CommandLineError: if both sources are chosen.
            OwnerError: if there is neither a line nor a terminal.
        """
        if self.generate and self.from_stdin:
            raise CommandLineError("Use either --generate or --password-stdin, not both.")
        if self.generate:
            return generate_password()
        return read_password(email, terminal, from_stdin=self.from_stdin, confirm=True)


def generate_password() -> str:
    """Generate a password with 96 random bits."""
    # The tail has one of each kind of character required by the pool's policy.
    return secrets.token_urlsafe(12) + "-Aa1"


def read_password(email: str, terminal: "Terminal", *, from_stdin: bool, confirm: bool) -> str:
    """Ask for a password on the terminal without an echo, or read a line of standard input.

    Args:
        email: the user with this password.
        terminal: asks the question.
        from_stdin: True to read standard input.
        confirm: True to ask a second time.

    Raises:
        OwnerError: if there is neither a line nor a terminal.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise OwnerError("Standard input is empty: write the password there, on one line.")
        return password
    if not sys.stdin.isatty():
        raise OwnerError(
            "Cannot ask for a password, because standard input is not a terminal: "
            "use --password-stdin."
        )
    return terminal.ask_password(f"Password of {printable(email)}", confirm=confirm)
