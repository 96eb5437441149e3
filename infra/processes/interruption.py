"""Ctrl-C, SIGTERM and SIGHUP: the first signal ends a command, after its clean-up.

uv forwards a Ctrl-C although the terminal has already sent it to us, so each arrives twice.
"""

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

type Handler = Callable[[int, FrameType | None], None]

ECHO: Final = 1.0
"""Seconds after a signal; another signal within them is an echo and is ignored."""

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that end a command."""


class _Received:
    """The first signal of this process, and the reaction to it."""

    def __init__(self) -> None:
        self.number = 0
        self.at = 0.0
        self.is_deferred = False

    def handle(self, number: int, _frame: FrameType | None) -> None:
        if self.number:
            if time.monotonic() - self.at > ECHO:
                # The user interrupts the clean-up: its current step ends here.
                raise KeyboardInterrupt
            return
        self.number, self.at = number, time.monotonic()
        self._silence()
        if not self.is_deferred:
            raise KeyboardInterrupt

    def _silence(self) -> None:
        """Print no error of a thread, and no warning, from now on: the signal causes them.

        A KeyboardInterrupt that Python cannot pass on would be lost: it ends the process.
        """
        warnings.simplefilter("ignore")
        threading.excepthook = lambda _: None
        sys.unraisablehook = self._end_if_lost

    def _end_if_lost(self, lost: "sys.UnraisableHookArgs") -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            end_at_once(self.number)


_received = _Received()


def end_at_once(number: int, _frame: FrameType | None = None) -> None:
    """End the process without a clean-up; the exit code is 128 plus the signal's number."""
    _exit(128 + number, f"Interrupted by {signal.Signals(number).name}.\n")


def handle_signals(handler: Handler) -> None:
    """Call a function on the three signals from now on; SIGHUP stays ignored under `nohup`."""
    for number in SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


@contextmanager
def handling_signals(handler: Handler) -> Generator[None]:
    """Call a function on the three signals in the block; SIGHUP stays ignored under `nohup`."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    handle_signals(handler)
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


@contextmanager
def ending_on_signals() -> Generator[None]:
    """Raise KeyboardInterrupt in the block on a signal, and end the process after the block.

    Threads left by the block do not delay the end. The exit code is 128 plus the signal's number. A
    block that takes the signal for its end, and ends with SystemExit(0), adds no line to it.
    """
    with handling_signals(_received.handle):
        try:
            yield
        except BaseException as error:
            if not _received.number:
                raise
            if isinstance(error, SystemExit) and not error.code:
                _exit(128 + _received.number)
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


@contextmanager
def undisturbed() -> Generator[None]:
    """Raise for a signal after the block instead of in it: for a step of the main thread.

    rich would print a line again if an exception left its write.
    """
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or _received.number or _received.is_deferred:
        yield
        return
    with deferred_signals():
        yield
    check_interrupted()


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
