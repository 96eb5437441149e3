"""`portfolio` commands, called in this process or started as processes."""

import io
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

PORTFOLIO = (sys.executable, "-m", "portfolio")
"""The command line of a process; its imports take a second."""

BUG = "This is a bug of the project"
"""The beginning of the message for an error that no command expects."""


@dataclass(frozen=True)
class Result:
    """The exit code and the output."""

    code: int
    out: str
    err: str

    @property
    def printed(self) -> str:
        return self.out + self.err


def run_command(
    *arguments: str, typed: str = "", env: Mapping[str, str | None] | None = None
) -> Result:
    """Call a command in this process.

    The test fails at an unexpected error.

    Args:
        arguments: the command and its options.
        typed: the standard input, which is not a terminal.
        env: variables to set; None removes one.
    """
    from portfolio.cli import main  # noqa: PLC0415 - imports rich and typer

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "stdin", io.StringIO(typed))
        for name, value in (env or {}).items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        # Typer ends every command with SystemExit, even after a success.
        with pytest.raises(SystemExit) as end:
            main(arguments)
    assert BUG not in err.getvalue(), err.getvalue()
    return Result(_exit_code(end.value), out.getvalue(), err.getvalue())


def start_command(*arguments: str, typed: str = "", env: Mapping[str, str] | None = None) -> Result:
    """Run a command as its own process.

    Args:
        arguments: the command and its options.
        typed: the standard input, which is not a terminal.
        env: all variables of the process; by default those of this one.
    """
    finished = subprocess.run(
        [*PORTFOLIO, *arguments],
        env=env,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in finished.stderr, finished.stderr
    assert BUG not in finished.stderr, finished.stderr
    return Result(finished.returncode, finished.stdout, finished.stderr)


def _exit_code(end: SystemExit) -> int:
    assert isinstance(end.code, int), end
    return end.code
