"""The servers of a deployed local stage: the API, the status page, the logs and the reload.

They are imported during the deployment, which mostly waits for the emulator.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import aclosing, closing
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import uvicorn

from infra.errors import LocalStageError
from infra.processes.background import start
from infra.processes.interruption import is_interrupted
from portfolio.local.access_log import open_access_log
from portfolio.local.function_log import FunctionLog
from portfolio.local.gateway import TIMEOUT, LocalGateway, make_server
from portfolio.local.greeting import greet
from portfolio.local.reload import Reloader
from portfolio.local.request_lines import RequestLines
from portfolio.local.running_stages import RunningStage, announce
from portfolio.local.status.recent_requests import RecentRequests
from portfolio.local.status.server import serve_status
from portfolio.local.watch import CheckoutWatch

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage
    from portfolio.local.start_options import StartOptions
    from portfolio.terminal import Terminal

_WATCH: Final = 0.2
"""Seconds between two checks for the emulator's end and for signals."""


class Ports(NamedTuple):
    """The listening sockets of the servers."""

    api: int
    api_sockets: list[socket.socket]
    status: tuple[int, list[socket.socket]]
    """The port of the status page, and its sockets."""


def serve_stage(
    stage: "LocalStage",
    ports: Ports,
    options: "StartOptions",
    terminal: "Terminal",
    started: float,
) -> None:
    """Serve a stage until a signal arrives.

    Args:
        stage: a deployed stage.
        ports: the sockets to serve on.
        options: the choices for the start.
        terminal: prints the greeting, and a line for each request.
        started: the time of the start, by the monotonic clock.

    Raises:
        LocalStageError: if the emulator stops.
    """
    url, recent = f"http://localhost:{ports.api}", RecentRequests()
    clients, has_ended = stage.code.clients, stage.emulator.has_stopped
    function_log = FunctionLog(clients.logs, stage.outputs["log_group"], terminal.warn)
    lines = RequestLines(function_log, terminal, has_ended, recent.add)
    opened = open_access_log(clients, terminal.warn, has_ended, lines.show)
    with (
        opened as access_log,
        serve_status(stage, url, ports.status, recent) as status,
        announce(running := _describe(stage, ports.api, *status)) as publish,
        closing(Reloader(stage, options, lines, terminal, publish)) as reloader,
    ):
        greet_user = partial(greet, terminal, running, started, stage.owner, options)
        limit = None if options.debug_port is not None else TIMEOUT
        gateway = LocalGateway(stage.api_base, access_log.add, limit)
        asyncio.run(_serve(stage, ports.api_sockets, reloader, greet_user, gateway))


def _describe(stage: "LocalStage", port: int, status_url: str, status_secret: str) -> RunningStage:
    """Return the facts of a stage for other processes."""
    return RunningStage(
        port,
        stage.emulator.endpoint,
        stage.code.clients.region,
        stage.outputs,
        stage.owner.password,
        status_url,
        status_secret,
    )


async def _serve(
    stage: "LocalStage",
    sockets: list[socket.socket],
    reloader: Reloader,
    on_ready: Callable[[], None],
    gateway: LocalGateway,
) -> None:
    async with aclosing(gateway), asyncio.TaskGroup() as tasks:
        server, watch = make_server(gateway), CheckoutWatch()
        followers = [
            tasks.create_task(watch.follow(recursive=True)),
            tasks.create_task(watch.follow(recursive=False)),
            tasks.create_task(watch.follow_secrets()),
            tasks.create_task(_apply_changes(watch, reloader, on_ready)),
            tasks.create_task(_watch_for_end(stage, server)),
        ]
        await server.serve(sockets)
        for follower in followers:
            follower.cancel()
    if stage.emulator.has_stopped():
        raise LocalStageError("The emulator has stopped: run make up again.")


async def _apply_changes(
    watch: CheckoutWatch, reloader: Reloader, on_ready: Callable[[], None]
) -> None:
    """Bring each change onto the stage, and once those from before the start of the watch."""
    ready = False
    while True:
        changes = await watch.next()
        # Not in asyncio's own threads: at its end the loop would wait for them.
        await asyncio.wrap_future(start(partial(reloader.apply, changes)))
        if not ready:
            ready = True
            on_ready()
        reloader.prepare()


async def _watch_for_end(stage: "LocalStage", server: uvicorn.Server) -> None:
    while not (is_interrupted() or stage.emulator.has_stopped()):  # noqa: ASYNC110 - no event
        await asyncio.sleep(_WATCH)
    server.should_exit = True
