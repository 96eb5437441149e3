"""The loopback sockets of the local stage."""

import socket
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Final

from infra.errors import LocalStageError

_LOOPBACK: Final = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
"""Both, because clients resolve `localhost` to either."""


@contextmanager
def listen(port: int, advice: str = "") -> Generator[list[socket.socket]]:
    """Listen on a port of every loopback address of the machine.

    Args:
        port: the port.
        advice: a command or option with another port, for the error (default: `make up`).

    Raises:
        LocalStageError: if another program uses the port.
    """
    with ExitStack() as sockets:
        yield [
            sockets.enter_context(
                _listen(family, address, port, advice or f"make up PORT={port + 1}")
            )
            for family, address in _LOOPBACK.items()
            if _exists(family, address)
        ]


def _listen(family: socket.AddressFamily, address: str, port: int, advice: str) -> socket.socket:
    # TCP is named explicitly: otherwise asyncio keeps Nagle's delay, 40 ms for each answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise LocalStageError(
            f"Port {port} is in use: choose another, for example {advice}."
        ) from None
    listener.listen()
    return listener


def _exists(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True
