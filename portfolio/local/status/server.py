"""The server of the status page, in a thread and an event loop of its own."""

import asyncio
import secrets
from collections.abc import Generator
from concurrent.futures import wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from infra.processes.background import start
from portfolio.local.entrance import Entrance, create_address
from portfolio.local.gateway import make_server
from portfolio.local.status.app import create_status_app
from portfolio.local.status.guard import Guard

if TYPE_CHECKING:
    from socket import socket

    from portfolio.local.stage import LocalStage
    from portfolio.local.status.recent_requests import RecentRequests

_CLOSING: Final = 2.0
"""Seconds to wait for open requests at the end."""


@contextmanager
def serve_status(
    stage: "LocalStage",
    api_url: str,
    listeners: "tuple[int, list[socket]]",
    recent: "RecentRequests",
) -> Generator[tuple[str, str]]:
    """Serve the status page of a stage until the block ends; yield its address and secret.

    Args:
        stage: the stage to show.
        api_url: the API's address on localhost.
        listeners: the port of the page, and its sockets.
        recent: the last requests.
    """
    port, sockets = listeners
    address, secret = create_address(port), secrets.token_urlsafe(32)
    pages = create_status_app(stage, api_url, recent)
    server = make_server(Guard(pages, port, Entrance(address, secret)))
    serving = start(lambda: asyncio.run(server.serve(sockets)))
    try:
        yield address, secret
    finally:
        server.should_exit = True
        if wait([serving], _CLOSING).done:
            serving.result()
