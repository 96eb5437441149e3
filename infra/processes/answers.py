"""Programs that answer at once, such as with their version; they may be broken or hang."""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from infra.processes.environment import inherited_environment

_SECONDS: Final = 20.0
"""Time limit of an answer; a program that must first be read from a disk takes seconds."""


class NoAnswerError(Exception):
    """A program has not answered in time; the text is the reason."""


def ask(
    command: Sequence[str], *, seconds: float = _SECONDS, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program without input, and return the finished process, failed or not.

    Args:
        command: the program and its arguments.
        seconds: the time limit; the program and its own programs are then killed.
        environment: variables to add to the inherited ones.

    Raises:
        OSError: if the system cannot start it.
        NoAnswerError: if it does not end in time.
    """
    process = subprocess.Popen(  # noqa: S603 - the caller's words, no shell
        command,
        env=inherited_environment() | (environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        process_group=0,
    )
    try:
        stdout, stderr = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise NoAnswerError(f"no answer within {seconds:g} seconds") from None
    finally:
        _end(process)
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def _end(process: subprocess.Popen[str]) -> None:
    """Kill a program that is still running, with the programs it has started."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()
