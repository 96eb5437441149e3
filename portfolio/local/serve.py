"""`portfolio up`: serve the local stage and reload changed code, until Ctrl-C."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import aclosing, closing
from functools import partial
from typing import TYPE_CHECKING, Final

import uvicorn

from infra.errors import LocalStageError
from infra.processes.background import ending_children, start
from infra.processes.interruption import is_interrupted
from portfolio.local.access_log import open_access_log
from portfolio.local.function_log import FunctionLog
from portfolio.local.gateway import TIMEOUT, LocalGateway, make_server
from portfolio.local.greeting import greet
from portfolio.local.listeners import check_free, listen
from portfolio.local.reload import Reloader
from portfolio.local.request_lines import RequestLines
from portfolio.local.running_stages import RunningStage, announce
from portfolio.local.start import run_local_stage
from portfolio.local.status.recent_requests import RecentRequests
from portfolio.local.status.server import listen_beside, serve_status
from portfolio.local.watch import CheckoutWatch

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage
    from portfolio.local.start_options import StartOptions
    from portfolio.terminal import Terminal

_WATCH: Final = 0.2
"""Seconds between two checks for the emulator's end and for signals."""


def serve(
    port: int, status_port: int | None, options: "StartOptions", terminal: "Terminal"
) -> None:
    """Run the local stage on a loopback port until a signal arrives.

    Args:
        port: the port of the API.
        status_port: the port of the status page, or None for the next free one.
        options: the other choices for the start.
        terminal: prints a line for each step and each request.

    Raises:
        PortfolioError: if an origin is wrong, if the stage cannot start, or if the emulator stops.
        KeyboardInterrupt: if a signal arrives before the stage serves.
    """
    started = time.monotonic()
    has_debugger = options.debug_port is not None
    if options.debug_port is not None:
        check_free(options.debug_port, "make up DEBUG=")
    with (
        ending_children(),
        listen(port) as sockets,
        listen_beside(port, status_port) as status_listeners,
        run_local_stage(terminal, options) as stage,
    ):
        url, recent = f"http://localhost:{port}", RecentRequests()
        clients, has_ended = stage.code.clients, stage.emulator.has_stopped
        function_log = FunctionLog(clients.logs, stage.outputs["log_group"])
        lines = RequestLines(function_log, terminal, has_ended, recent.add)
        opened = open_access_log(clients, terminal.warn, has_ended, lines.show)
        with (
            opened as access_log,
            serve_status(stage, url, status_listeners, recent) as status_url,
            announce(running := _describe(stage, port, status_url)),
            closing(Reloader(stage, options, lines, terminal)) as reloader,
        ):
            greet_user = partial(greet, terminal, running, started, stage.owner, options)
            limit = None if has_debugger else TIMEOUT
            gateway = LocalGateway(stage.api_base, access_log.add, limit)
            asyncio.run(_serve(stage, sockets, reloader, greet_user, gateway))


def _describe(stage: "LocalStage", port: int, status_url: str) -> RunningStage:
    """Return the facts of a stage for other processes."""
    return RunningStage(
        port,
        stage.emulator.endpoint,
        stage.code.clients.region,
        stage.outputs,
        stage.owner.password,
        status_url,
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


async def _watch_for_end(stage: "LocalStage", server: uvicorn.Server) -> None:
    while not (is_interrupted() or stage.emulator.has_stopped()):  # noqa: ASYNC110 - no event
        await asyncio.sleep(_WATCH)
    server.should_exit = True
