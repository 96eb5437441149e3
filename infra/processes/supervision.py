"""The parent process of a command: it ends the command in time, and deletes what is left of it.

Python runs a signal handler only between two steps of its own code. A command may be in a long call
of a library then, a library may catch the exception of the handler, and a clean-up may itself be
interrupted. The parent does nothing else, so it can always act.
"""

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import FrameType
from typing import Final

from infra.processes.interruption import ECHO, SIGNALS, end_at_once, handle_signals
from infra.processes.leftovers import delete_noted, report_to

_PATIENCE: Final = 2.5
"""Seconds after a signal for the command's own clean-up."""

_MERCY: Final = 0.5
"""Seconds between SIGTERM and SIGKILL to the processes of a command that has ended."""

_NO_MEMORY: Final = (
    " If memory or processes are short, end other programs, or raise the limits (ulimit)."
)
"""The reason why the system, or a library such as gRPC, ends a command by a signal."""

_PARENT_DEATH_SIGNAL: Final = 1
_CHILD_SUBREAPER: Final = 36
"""Options of Linux's `prctl`."""


def run_supervised(run: Callable[[], None]) -> None:
    """Run a command in a child process, and end this process with its exit code.

    The child has the terminal and the process group of this process. After a signal, the exit code
    is 128 plus the signal's number.

    Args:
        run: the command; it ends the child process.
    """
    reading, writing = os.pipe()
    # Between the fork and the handlers, signals wait.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    if child := os.fork():
        os.close(writing)
        # At once: while Python ends, it would drop a signal, and the exit code would be 0.
        os._exit(_Command(child, reading).wait())
    os.close(reading)
    _set_process_option(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    report_to(writing)
    # It takes no signals, because they are blocked: they must reach the main thread.
    Thread(target=_end_after_parent, args=[writing], daemon=True).start()
    handle_signals(end_at_once)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    run()


def _end_after_parent(notes: int) -> None:
    """End this process if it outlives its parent: a killed one cannot end a command that hangs."""
    watch = select.poll()
    # Without a reader the pipe has an error, which is always reported.
    watch.register(notes, 0)
    watch.poll()
    time.sleep(_PATIENCE)
    os.kill(os.getpid(), signal.SIGKILL)


class _Command:
    """A command in a child process."""

    def __init__(self, process: int, notes: int) -> None:
        """Pass signals on to the command.

        Args:
            process: the process id.
            notes: the pipe with the paths of its temporary files; it ends with the command.
        """
        self._process, self._notes = process, notes
        self._received, self._at = 0, 0.0
        # Processes that outlive the command become children of this process.
        _set_process_option(_CHILD_SUBREAPER, 1)
        handle_signals(self._pass_on)
        signal.signal(signal.SIGALRM, self._kill)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def wait(self) -> int:
        """Wait for the end of the command, delete what is left of it, and return the exit code."""
        noted = b""
        while part := os.read(self._notes, 65536):
            noted += part
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        signal.setitimer(signal.ITIMER_REAL, 0)
        code = os.waitstatus_to_exitcode(status)
        if self._received or code < 0:
            _end_children()
        delete_noted(noted)
        return self._conclude(code)

    def _conclude(self, code: int) -> int:
        if code >= 0:
            return 128 + self._received if self._received else code
        number = self._received or -code
        reason = "Interrupted" if self._received else "error: The command was ended"
        advice = "" if self._received else _NO_MEMORY
        os.write(2, f"{reason} by {signal.Signals(number).name}.{advice}\n".encode())
        return 128 + number

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        if not self._received:
            self._received, self._at = number, time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
            self._send(number)
        elif time.monotonic() - self._at > ECHO:
            # The user does not want to wait for the clean-up.
            self._kill()

    def _kill(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        """Send a signal to the command, if it still runs."""
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self._process, number)


def _end_children() -> None:
    """End the processes that have outlived the command, and their own."""
    for number, patience in ((signal.SIGTERM, _MERCY), (signal.SIGKILL, _MERCY)):
        if not _has_children():
            return
        import psutil  # noqa: PLC0415 - few commands leave a process

        for process in psutil.Process().children(recursive=True):
            process.send_signal(number)
        deadline = time.monotonic() + patience
        while _has_children() and time.monotonic() < deadline:
            time.sleep(0.02)


def _has_children() -> bool:
    """Return True if this process has children that still run."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _set_process_option(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)
