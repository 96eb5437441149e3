"""The debugger's port: only a debugger of the same user may attach.

A client of the port can run any code in the process. Other users of the machine can connect to it.
So can web pages: debugpy skips the first lines of an HTTP request, and obeys its body.

The emulator's interpreter imports this module, so it imports nothing of ours.
"""

import importlib
import os
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any, Final

_HOST: Final = "127.0.0.1"
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""Linux's lists of TCP connections; a client may use IPv4 through a socket of IPv6."""

_ESTABLISHED: Final = "01"
"""The state of an open connection; Linux lists a closing one with the user root."""

_ROOT: Final = 0
_FIRST_WORD: Final = b"Content-Length:"
"""The first word of each message of an editor; an HTTP request begins with its method."""

_PATIENCE: Final = 2.0
"""Seconds to wait for the first word."""

_RETRY: Final = 0.05
"""Seconds between two tries to listen: the worker of the version before may still do."""

type _Accepted = tuple[socket.socket, Any]


def listen_for_debugger(port: int) -> None:
    """Let a debugger attach to this worker, as soon as no other worker uses the port."""
    accept_any = socket.socket.accept

    def accept(self: socket.socket) -> _Accepted:
        return _accept_editor(lambda: accept_any(self))

    # debugpy has no setting for it. A worker has no other listener.
    socket.socket.accept = accept
    Thread(target=_listen, args=[port], daemon=True).start()


def knows_users() -> bool:
    """Return True if the system tells the user of a connection, as Linux does."""
    return _TABLES[0].exists()


def _listen(port: int) -> None:
    while not _is_free(port):
        time.sleep(_RETRY)
    # Only the environment with a debugger has it.
    debugger: Any = importlib.import_module("debugpy")
    # In this process: it frees the port when it ends.
    debugger.listen((_HOST, port), in_process_debug_adapter=True)


def _is_free(port: int) -> bool:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
        except OSError:
            return False
    return True


def _accept_editor(accept: Callable[[], _Accepted]) -> _Accepted:
    """Return the next connection of an editor; close all others."""
    while True:
        connection, address = accept()
        if _is_of_this_user(connection) and _is_of_an_editor(connection):
            return connection, address
        connection.close()


def _is_of_this_user(connection: socket.socket) -> bool:
    if not knows_users():
        return True
    try:
        client = _write_address(connection.getpeername())
    except OSError:  # it is closed already
        return False
    own = _write_address(connection.getsockname())
    for table in _TABLES:
        for line in table.read_text(encoding="utf-8").splitlines() if table.exists() else ():
            _, local, remote, state, _, _, _, user, *_ = line.split()
            if local.endswith(client) and remote.endswith(own) and state == _ESTABLISHED:
                return int(user) in {os.getuid(), _ROOT}
    return False


def _write_address(address: tuple[str, int]) -> str:
    """Return an IPv4 address as Linux's tables have it, in the byte order of the machine."""
    host, port = address
    (number,) = struct.unpack("=I", socket.inet_aton(host))
    return f"{number:08X}:{port:04X}"


def _is_of_an_editor(connection: socket.socket) -> bool:
    connection.settimeout(_PATIENCE)
    try:
        first = connection.recv(len(_FIRST_WORD), socket.MSG_PEEK)
    except OSError:
        return False
    connection.settimeout(None)
    return bool(first) and _FIRST_WORD.startswith(first)
