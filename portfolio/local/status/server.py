"""The server of the status page, in a thread and an event loop of its own."""

import asyncio
from collections.abc import Generator
from concurrent.futures import wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from infra.errors import LocalStageError
from infra.processes.background import start
from portfolio.local.emulator import free_port
from portfolio.local.gateway import make_server
from portfolio.local.listeners import listen

if TYPE_CHECKING:
    from socket import socket

    from portfolio.local.stage import LocalStage
    from portfolio.local.status.recent_requests import RecentRequests

_LAST_PORT: Final = 65535
_CLOSING: Final = 2.0
"""Seconds to wait for open requests at the end."""


@contextmanager
def listen_beside(api_port: int, chosen: int | None) -> "Generator[tuple[int, list[socket]]]":
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
    if wanted > _LAST_PORT:
        return free_port()
    try:
        with listen(wanted):
            return wanted
    except LocalStageError:
        return free_port()


@contextmanager
def serve_status(
    stage: "LocalStage",
    api_url: str,
    listeners: "tuple[int, list[socket]]",
    recent: "RecentRequests",
) -> Generator[str]:
    """Serve the status page of a stage until the block ends; yield its address.

    Args:
        stage: the stage to show.
        api_url: the API's address on localhost.
        listeners: the port of the page, and its sockets.
        recent: the last requests.
    """
    # Imported here: the stage answers already, and the templates take a moment to import.
    from portfolio.local.status.app import create_status_app  # noqa: PLC0415

    port, sockets = listeners
    server = make_server(create_status_app(stage, api_url, port, recent))
    serving = start(lambda: asyncio.run(server.serve(sockets)))
    try:
        yield f"http://localhost:{port}"
    finally:
        server.should_exit = True
        if wait([serving], _CLOSING).done:
            serving.result()
