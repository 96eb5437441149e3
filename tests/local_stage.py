"""A local stage in this process, served and announced as `portfolio up` does it."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import socket
from threading import Thread
from typing import TYPE_CHECKING

from portfolio.local.access_log import open_access_log
from portfolio.local.emulator import free_port
from portfolio.local.gateway import LocalGateway, make_server
from portfolio.local.listeners import listen
from portfolio.local.running_stages import RunningStage, announce
from portfolio.local.start import run_local_stage
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage


@dataclass(frozen=True)
class ServedStage:
    """A local stage that answers, and that `--stack local --port PORT` finds."""

    stage: "LocalStage"
    port: int

    running: RunningStage
    """The announcement, which commands read."""

    @property
    def url(self) -> str:
        """The API's address, with `/v1`."""
        return f"http://localhost:{self.port}/v1"


@contextmanager
def serve_local_stage() -> Generator[ServedStage]:
    """Start a local stage on a free port, and stop it on the way out."""
    port = free_port()
    with listen(port) as sockets, run_local_stage(Terminal(), None) as stage:
        clients = stage.code.clients
        running = RunningStage(port, stage.emulator.endpoint, clients.region, stage.outputs)
        opened = open_access_log(clients, Terminal().warn, stage.emulator.has_stopped)
        with opened as access_log, announce(running):
            gateway = LocalGateway(stage.api_base, access_log.add)
            with serve_gateway(gateway, sockets):
                yield ServedStage(stage, port, running)


@contextmanager
def serve_gateway(gateway: LocalGateway, sockets: list[socket]) -> Generator[None]:
    """Answer on sockets that listen, and close the gateway on the way out."""
    server = make_server(gateway)

    async def serve() -> None:
        await server.serve(sockets)
        await gateway.close()

    thread = Thread(target=asyncio.run, args=(serve(),), name="local stage")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
