"""`make lint`: run shell commands, two at a time, and report all of them.

`python -m tests.lint COMMAND ...` starts them in this order. The slowest one comes first: the
others run beside it.
"""

import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Final

from infra.processes.environment import inherited_environment
from portfolio.terminal import Terminal

_AT_ONCE: Final = 2
_INTERRUPTED: Final = 130
"""The exit code of a program that Ctrl-C has ended."""


@dataclass(frozen=True)
class Check:
    """A command that has ended."""

    command: str
    passed: bool
    seconds: float

    output: str
    """Standard output and standard error, as printed."""


def run_check(command: str) -> Check:
    """Run a command to its end."""
    started = time.monotonic()
    finished = subprocess.run(  # noqa: S602 - the Makefile's own commands, with wildcards
        command,
        shell=True,
        env=inherited_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return Check(
        command, finished.returncode == 0, time.monotonic() - started, finished.stdout.rstrip()
    )


def report(check: Check, terminal: Terminal) -> None:
    """Print a line for a command, and its output if it has failed."""
    mark, style = ("✓", "green") if check.passed else ("✗", "bold red")
    terminal.say(f"{mark} {check.command}  {check.seconds:.1f} s", style)
    if not check.passed:
        terminal.say(f"{check.output}\n" if check.output else "It printed nothing.\n")


def main(commands: list[str]) -> int:
    """Run the commands.

    Returns:
        The exit code: 1 if a command has failed.
    """
    terminal, started, failed = Terminal(), time.monotonic(), list[str]()
    with ThreadPoolExecutor(_AT_ONCE) as executor:
        running: list[Future[Check]] = [executor.submit(run_check, each) for each in commands]
        try:
            for done in as_completed(running):
                report(check := done.result(), terminal)
                failed += [] if check.passed else [check.command]
        except KeyboardInterrupt:
            executor.shutdown(cancel_futures=True)
            return _INTERRUPTED
    if failed:
        terminal.fail(f"{len(failed)} of {len(commands)} checks failed: {', '.join(failed)}")
        return 1
    terminal.say(f"All {len(commands)} checks passed in {time.monotonic() - started:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
