"""Ctrl-C, SIGTERM and SIGHUP: the first signal ends a command, after its clean-up.

uv forwards a Ctrl-C although the terminal has already sent it to us, so each arrives twice.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

type Handler = Callable[[int, FrameType | None], None]

_ECHO: Final = 1.0
"""Seconds after a signal; another signal within them is an echo and is ignored."""


class _Received:
    """The first signal of this process, and the reaction to it."""

    def __init__(self) -> None:
        self.number = 0
        self.at = 0.0
        self.is_deferred = False

    def handle(self, number: int, _frame: FrameType | None) -> None:
        if self.number:
            if time.monotonic() - self.at > _ECHO:
                # The user interrupts the clean-up: its current step ends here.
                raise KeyboardInterrupt
            return
        self.number, self.at = number, time.monotonic()
        if not self.is_deferred:
            raise KeyboardInterrupt


_received = _Received()


def end_at_once(number: int, _frame: FrameType | None = None) -> None:
    """End the process without a clean-up; the exit code is 128 plus the signal's number."""
    _exit(128 + number, f"Interrupted by {signal.Signals(number).name}.\n")


@contextmanager
def handling_signals(handler: Handler) -> Generator[None]:
    """Call a function on the three signals; SIGHUP stays ignored under `nohup`."""
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, handler)
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


@contextmanager
def ending_on_signals() -> Generator[None]:
    """Raise KeyboardInterrupt in the block on a signal, and end the process after the block.

    Threads left by the block do not delay the end. The exit code is 0 if the block ends with
    SystemExit(0), and otherwise 128 plus the signal's number.
    """
    with handling_signals(_received.handle):
        try:
            yield
        except BaseException as error:
            if not _received.number:
                raise
            if isinstance(error, SystemExit) and not error.code:
                _exit(0)
            end_at_once(_received.number)


@contextmanager
def ending_on_engines_signal() -> Generator[None]:
    """End a Pulumi program on SIGINT without a word: after the block's clean-up, or later at once.

    The program has a process group of its own, which a terminal's Ctrl-C does not reach. The engine
    sends it SIGINT if the deployment ends early: AWS or a hook has refused something, or the user
    has interrupted the engine. The reason is printed by then, and asyncio would add a traceback of
    25 to 60 lines. Running operations end without the program. The exit code is not 0: after a 0,
    the engine would delete every resource that is not registered yet.

    Another thread than the main one leaves signals to its process.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        _exit(128 + signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, lambda number, _frame: _exit(128 + number))


@contextmanager
def deferred_signals() -> Generator[None]:
    """Note signals in the block without raising; `check_interrupted` raises at a safe place."""
    _received.is_deferred = True
    try:
        yield
    finally:
        _received.is_deferred = False


def is_interrupted() -> bool:
    """Return True if a signal has arrived."""
    return bool(_received.number)


def check_interrupted() -> None:
    """Return if no signal has arrived.

    Raises:
        KeyboardInterrupt: if a signal has arrived.
    """
    if _received.number:
        raise KeyboardInterrupt


def _exit(code: int, last_words: str = "") -> None:
    for stream in (sys.stdout, sys.stderr):
        # The terminal may be gone, or the signal may have interrupted a write to the stream.
        with suppress(OSError, RuntimeError):
            stream.flush()
    with suppress(OSError):
        os.write(2, last_words.encode())
    os._exit(code)
