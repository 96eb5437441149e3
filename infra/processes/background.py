"""Work in threads; an interrupted command does not wait for it."""

from collections.abc import Callable, Collection, Generator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

from infra.processes.interruption import check_interrupted

if TYPE_CHECKING:
    from psutil import Process

_POLL: Final = 0.1
"""Seconds between checks for a signal: the kernel may deliver it to any thread."""


def start[T](work: Callable[[], T]) -> Future[T]:
    """Start work in a daemon thread: it ends with the process."""
    future = Future[T]()
    # Not in the thread: a future cancelled before takes no result.
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again by future.result()
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


def wait_for[T](future: Future[T]) -> T:
    """Return the result of work.

    Raises:
        KeyboardInterrupt: if a signal arrives first; the work continues in its thread.
    """
    while not wait([future], _POLL).done:
        check_interrupted()
    check_interrupted()
    return future.result()


def run_abandonable[T](work: Callable[[], T]) -> T:
    """Run work without its own signal handling, and return its result.

    Raises:
        KeyboardInterrupt: if a signal arrives first. The processes of the work are ended, and
            its thread is abandoned.
    """
    with in_background(work) as future:
        return wait_for(future)


@contextmanager
def in_background[T](
    work: Callable[[], T], patience: float = 0, *, with_descendants: bool = True
) -> Generator[Future[T]]:
    """Run work in parallel to the block; end its processes if the block ends first.

    Processes started before the block, such as the local stage's emulator, are left running.

    Args:
        work: runs in a thread.
        patience: seconds for the work to clean up after its processes were ended.
        with_descendants: False if these processes end their own processes themselves.
    """
    earlier = _children()
    future = start(work)
    try:
        yield future
    finally:
        if not future.done():
            _end_children(spared=earlier, with_descendants=with_descendants)
            wait([future], patience)


@contextmanager
def ending_children() -> Generator[None]:
    """End all child processes at the end of the block."""
    try:
        yield
    finally:
        _end_children()


def _children() -> "list[Process]":
    import psutil  # noqa: PLC0415 - few commands need it

    return psutil.Process().children()


def _end_children(spared: "Collection[Process]" = (), *, with_descendants: bool = True) -> None:
    """Send SIGTERM to the processes of this process, and to their own, except for the spared."""
    import psutil  # noqa: PLC0415 - few commands need it

    for child in _children():
        if child in spared:
            continue
        with suppress(psutil.NoSuchProcess):
            descendants = child.children(recursive=True) if with_descendants else []
            for process in [child, *descendants]:
                with suppress(psutil.NoSuchProcess):
                    process.terminate()
