"""The loopback sockets of the local stage."""

import socket
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Final

from infra.errors import LocalStageError
from portfolio.local.emulator import free_port

_LOOPBACK: Final = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
"""Both, because clients resolve `localhost` to either."""

_LAST: Final = 65535
_PATIENCE: Final = 30.0
_PAUSE: Final = 0.05
"""Seconds: the longest wait for a listener, and the time between two tries."""


@contextmanager
def listen(port: int, option: str = "make up PORT=") -> Generator[list[socket.socket]]:
    """Listen on a port of every loopback address of the machine.

    Args:
        port: the port.
        option: the command or option before a port, for the advice in the error.

    Raises:
        LocalStageError: if another program uses the port.
    """
    with ExitStack() as sockets:
        yield [
            sockets.enter_context(_listen(family, address, port, option))
            for family, address in _LOOPBACK.items()
            if _can_bind(family, address)
        ]


@contextmanager
def listen_beside(api_port: int, chosen: int | None) -> Generator[tuple[int, list[socket.socket]]]:
    """Listen on the port of the status page; yield the port and its sockets.

    Args:
        api_port: the port of the API; the next one is the default, if it is free.
        chosen: the port that the user asks for, or None.

    Raises:
        LocalStageError: if another program uses the chosen port.
    """
    port = chosen or _find_port(api_port + 1)
    with listen(port, "--status-port ") as sockets:
        yield port, sockets


def _find_port(wanted: int) -> int:
    """Return a port if it is free, or another one."""
    if wanted > _LAST:
        return free_port()
    try:
        with listen(wanted):
            return wanted
    except LocalStageError:
        return free_port()


def check_free(port: int, option: str) -> None:
    """Check a port for later.

    Args:
        port: the port.
        option: the command or option before a port, for the advice in the error.

    Raises:
        LocalStageError: if another program uses it.
    """
    _listen(socket.AF_INET, _LOOPBACK[socket.AF_INET], port, option).close()


def wait_for_debugger(port: int) -> bool:
    """Wait until the debugger listens on a port; return False if it does not within 30 seconds."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection((_LOOPBACK[socket.AF_INET], port)).close()
        except ConnectionRefusedError:
            time.sleep(_PAUSE)
        else:
            return True
    return False


def _listen(family: socket.AddressFamily, address: str, port: int, option: str) -> socket.socket:
    # TCP is named explicitly: otherwise asyncio keeps Nagle's delay, 40 ms for each answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise LocalStageError(
            f"Port {port} is in use: choose another, for example {option}{_next_free(port)}."
        ) from None
    listener.listen()
    return listener


def _next_free(port: int) -> int:
    """Return a free port near a port; the one after a stage's is its status page's."""
    address = _LOOPBACK[socket.AF_INET]
    others = (*range(port + 1, _LAST + 1), *range(port - 1, 0, -1))
    return next(each for each in others if _can_bind(socket.AF_INET, address, each))


def _can_bind(family: socket.AddressFamily, address: str, port: int = 0) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.bind((address, port))
    except OSError:
        return False
    return True
