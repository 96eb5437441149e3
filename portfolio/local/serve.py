"""`portfolio up`: serve the local stage and follow the source, until Ctrl-C."""

import asyncio
import os
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import uvicorn
from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType] - trio is not here

from infra.errors import LocalStageError, PortfolioError
from infra.paths import BACKEND
from infra.processes.background import ending_children, start
from infra.processes.interruption import is_interrupted
from portfolio.local.access_log import AccessLog, open_access_log
from portfolio.local.gateway import AccessLogEntry, LocalGateway, make_server
from portfolio.local.listeners import listen
from portfolio.local.running_stages import RunningStage, announce
from portfolio.local.start import build_local_package, run_local_stage
from portfolio.terminal import printable

if TYPE_CHECKING:
    from portfolio.local.function_code import FunctionCode
    from portfolio.local.stage import LocalStage
    from portfolio.terminal import Terminal

_HEARTBEAT: Final = 100
"""Milliseconds between looks at whether the watch is set."""

_DEBOUNCE: Final = 50
"""Milliseconds in which several saved files count as one change."""

_WATCH: Final = 0.2
"""Seconds between looks for the end of the emulator, and for signals that uvicorn leaves to us."""


def up(port: int, terminal: "Terminal") -> None:
    """Run the local stage on a port of loopback until a signal arrives.

    The owner's password is `OWNER_PASSWORD` where that is set.

    Raises:
        PortfolioError: if the stage cannot start, or the emulator ends.
        KeyboardInterrupt: if a signal arrives before the stage serves.
    """
    started = time.monotonic()
    password = os.environ.get("OWNER_PASSWORD")
    with ending_children(), listen(port) as sockets, run_local_stage(terminal, password) as stage:

        def greet() -> None:
            _greet(stage, port, time.monotonic() - started, terminal)

        clients = stage.code.clients
        running = RunningStage(port, stage.emulator.endpoint, clients.region, stage.outputs)
        opened = open_access_log(clients, terminal.warn, stage.emulator.has_stopped)
        with opened as access_log, announce(running):
            asyncio.run(_serve(stage, sockets, terminal, greet, access_log))


async def _serve(
    stage: "LocalStage",
    sockets: list[socket.socket],
    terminal: "Terminal",
    on_ready: Callable[[], None],
    access_log: AccessLog,
) -> None:
    def log(entry: AccessLogEntry) -> None:
        _print_request(entry, terminal)
        access_log.add(entry)

    gateway = LocalGateway(stage.api_base, log)
    server = make_server(gateway)
    async with asyncio.TaskGroup() as tasks:
        followers = [
            tasks.create_task(_follow_source(stage, terminal, on_ready)),
            tasks.create_task(_watch_for_end(stage, server)),
        ]
        await server.serve(sockets)
        for follower in followers:
            follower.cancel()
    if stage.emulator.has_stopped():
        raise LocalStageError("The emulator has ended: start again.")


async def _follow_source(
    stage: "LocalStage", terminal: "Terminal", on_ready: Callable[[], None]
) -> None:
    """Serve what is in `backend/src`, from the moment the watch on it is known to be set."""
    live, ready = stage.package.sha256, False
    watch = awatch(
        BACKEND / "src",
        debounce=_DEBOUNCE,
        step=_DEBOUNCE,
        rust_timeout=_HEARTBEAT,
        yield_on_timeout=True,
    )
    async for changes in watch:
        if changes or not ready:
            # Not asyncio's own thread, which its loop would wait for.
            reloading = start(partial(_reload, stage.code, live, terminal))
            live = await asyncio.wrap_future(reloading)
        if not ready:
            ready = True
            on_ready()


def _reload(code: "FunctionCode", live: str, terminal: "Terminal") -> str:
    """Put the source's zip behind the alias, if it works; the sha256 of what is there now."""
    started = time.monotonic()
    try:
        package = build_local_package(lambda _: None)
        if package.sha256 == live:
            return live
        code.replace(package)
    except PortfolioError as error:
        terminal.warn(f"{error} The version before the change keeps serving.")
        return live
    except KeyboardInterrupt:
        # Raised by a step of the build, when `_watch_for_end` is about to stop the server.
        return live
    terminal.step(f"function: new code live after {time.monotonic() - started:.1f} s")
    return package.sha256


async def _watch_for_end(stage: "LocalStage", server: uvicorn.Server) -> None:
    while not (is_interrupted() or stage.emulator.has_stopped()):  # noqa: ASYNC110 - no event
        await asyncio.sleep(_WATCH)
    server.should_exit = True


def _print_request(entry: AccessLogEntry, terminal: "Terminal") -> None:
    style = "red" if entry.status >= 500 else "yellow" if entry.status >= 400 else ""  # noqa: PLR2004
    terminal.say(
        f"{entry.arrived:%H:%M:%S}  {entry.status}  "
        f"{printable(entry.method):<6} {printable(entry.path)}"
        f"  {entry.latency:.0f} ms",
        style,
    )


def _greet(stage: "LocalStage", port: int, seconds: float, terminal: "Terminal") -> None:
    url = f"http://localhost:{port}/v1"
    email, password = stage.owner.email, stage.owner.password
    login = f"""curl {url}/auth/login --json '{{"email": "{email}", "password": "{password}"}}'"""
    terminal.say()
    terminal.say(f"portfolio-api answers at {url} after {seconds:.1f} s", "bold")
    terminal.say(f"Owner: {email}, password {password}")
    terminal.say()
    terminal.say("Try:")
    terminal.say(f"  curl {url}/blog/posts")
    terminal.say(f"  {login}")
    terminal.say(f"  curl {url}/auth/me --oauth2-bearer TOKEN")
    terminal.say()
    terminal.say("A change under backend/src is served as soon as it is saved; Ctrl-C stops.")
    terminal.say()
