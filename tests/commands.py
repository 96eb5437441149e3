"""`portfolio` commands, called in this process or started as processes of their own."""

import io
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

import pytest

PORTFOLIO = (sys.executable, "-m", "portfolio")
"""Starts a process, which costs a second of imports."""


@dataclass(frozen=True)
class Result:
    """The exit code, and all that was printed."""

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

    An error that the command line does not explain is raised.

    Args:
        arguments: the command and its options.
        typed: the standard input, which is not a terminal.
        env: variables to set, or to unset where they are None.
    """
    from portfolio.cli import main  # noqa: PLC0415 - rich and typer, for those who call a command

    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "stdin", io.StringIO(typed))
        for name, value in (env or {}).items():
            if value is None:
                patch.delenv(name, raising=False)
            else:
                patch.setenv(name, value)
        # Typer ends every command so, one that succeeds too.
        with pytest.raises(SystemExit) as end:
            main(arguments)
    return Result(_exit_code(end.value), out.getvalue(), err.getvalue())


def start_command(*arguments: str, typed: str = "", env: Mapping[str, str] | None = None) -> Result:
    """Run a command as a process of its own.

    Args:
        arguments: the command and its options.
        typed: the standard input, which is not a terminal.
        env: all variables of the process; by default ours.
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
    return Result(finished.returncode, finished.stdout, finished.stderr)


def _exit_code(end: SystemExit) -> int:
    assert isinstance(end.code, int), end
    return end.code
