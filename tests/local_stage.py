"""A local stage in the test process, served and announced like that of `portfolio up`."""

import asyncio
from collections.abc import Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from socket import socket
from threading import Thread
from typing import TYPE_CHECKING

from infra.paths import PROJECT
from infra.settings import parse_settings
from infra.settings.files import LOCAL, stage_config
from portfolio.local.access_log import open_access_log
from portfolio.local.default_owner import create_owner
from portfolio.local.emulator import free_port
from portfolio.local.function_code import FunctionCode
from portfolio.local.gateway import LocalGateway, make_server
from portfolio.local.listeners import listen, listen_beside
from portfolio.local.running_stages import RunningStage, announce
from portfolio.local.start import run_local_stage
from portfolio.local.start_options import StartOptions
from portfolio.local.status.recent_requests import RecentRequests
from portfolio.local.status.server import serve_status
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.local.gateway import AccessLogEntry
    from portfolio.local.provider import Ledger
    from portfolio.local.stage import LocalStage


@dataclass(frozen=True)
class ServedStage:
    """A running local stage; `--stack local --port PORT` selects it."""

    stage: "LocalStage"
    port: int

    running: RunningStage
    """Its announcement, read by commands."""

    @property
    def url(self) -> str:
        """The API's address."""
        return f"http://localhost:{self.port}"

    @property
    def status_url(self) -> str:
        """The status page's address."""
        assert self.running.status_url
        return self.running.status_url

    @property
    def status_link(self) -> str:
        """A new link to the status page, for one use."""
        assert self.running.status_link
        return self.running.status_link


@contextmanager
def serve_local_stage() -> Generator[ServedStage]:
    """Run a local stage on a free port until the block ends."""
    port = free_port()
    with (
        listen(port) as sockets,
        listen_beside(port, None) as listeners,
        run_local_stage(Terminal(), StartOptions()) as stage,
    ):
        clients, recent = stage.code.clients, RecentRequests()
        has_ended = stage.emulator.has_stopped

        def record(entries: "Sequence[AccessLogEntry]") -> None:
            # Nothing is printed: tests read the output of commands in this process.
            for entry in entries:
                recent.add(entry, [])

        opened = open_access_log(clients, Terminal().warn, has_ended, record)
        with (
            opened as access_log,
            serve_status(stage, f"http://localhost:{port}", listeners, recent) as status,
        ):
            running = RunningStage(
                port,
                stage.emulator.endpoint,
                clients.region,
                stage.outputs,
                stage.owner.password,
                *status,
            )
            gateway = LocalGateway(stage.api_base, access_log.add)
            with announce(running), serve_gateway(gateway, sockets):
                yield ServedStage(stage, port, running)


@contextmanager
def serve_guarded_stage(served: ServedStage) -> Generator[ServedStage]:
    """Deploy a stage with the gateway's authorizer onto a stage's emulator, and serve it."""
    from portfolio.local.stage import find_api_base  # noqa: PLC0415 - imports Pulumi

    clients = served.stage.code.clients
    outputs = deploy_beside(served.stage, environment="guarded", gatewayAuthorizer="true")
    stage = replace(
        served.stage,
        outputs=outputs,
        api_base=find_api_base(served.stage.emulator, outputs["api_url"]),
        code=FunctionCode(clients, outputs["function_name"]),
        owner=create_owner(clients, outputs["user_pool_id"], None),
    )
    gateway, port = LocalGateway(stage.api_base, lambda _: None), free_port()
    with listen(port) as sockets, serve_gateway(gateway, sockets):
        yield ServedStage(stage, port, served.running)


def deploy_beside(
    stage: "LocalStage", ledger: "Ledger | None" = None, **changes: str
) -> dict[str, str]:
    """Deploy the program with other settings onto a stage's emulator; return the outputs."""
    # Imported here: only this function needs them, and they are slow.
    from infra.deployment import register  # noqa: PLC0415
    from portfolio.local.deploy import deploy  # noqa: PLC0415

    own = {f"{PROJECT}:{key}": value for key, value in changes.items()}
    settings = parse_settings(stage_config(LOCAL) | own)
    return deploy(lambda: register(settings, stage.package), stage.code.clients, LOCAL, ledger)


@contextmanager
def serve_gateway(gateway: LocalGateway, sockets: list[socket]) -> Generator[None]:
    """Serve a gateway on listening sockets until the block ends, and close it."""
    server = make_server(gateway)

    async def serve() -> None:
        async with aclosing(gateway):
            await server.serve(sockets)

    thread = Thread(target=asyncio.run, args=(serve(),), name="local stage")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
