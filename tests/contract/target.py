"""What the contract is held against: the local stage, or any other by its URL."""

import asyncio
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import socket
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn

from infra.local.emulator import free_port
from infra.local.gateway import LocalGateway
from infra.local.listeners import listen
from infra.local.start import run_local_stage
from infra.terminal import Terminal
from tests.backend.accounts import create_account, invite_account

if TYPE_CHECKING:
    from infra.local.stage import LocalStage


@dataclass(frozen=True)
class Credentials:
    """How a user logs in."""

    email: str
    password: str


@dataclass(frozen=True)
class Target:
    """A stage that answers, and who may call it; users that are not given are None."""

    url: str
    """With `/v1`."""

    is_ours_alone: bool
    """Nobody else calls it, so counters change by what the tests do and no more."""

    origin: str
    """One of the stage's CORS origins."""

    owner: Credentials | None
    user: Credentials | None
    """Someone in no group, whom the tests sign out everywhere."""

    invited: Credentials | None
    """Someone whose password must be changed first."""


@contextmanager
def open_target() -> Generator[Target]:
    """Take the stage at `API_URL`, else start a local one."""
    url = os.environ.get("API_URL")
    if url:
        yield _remote_target(url)
        return
    with run_local_stage(Terminal(), None) as stage, _serve(stage) as url:
        yield _local_target(stage, url)


def _remote_target(url: str) -> Target:
    return Target(
        url=url.rstrip("/"),
        is_ours_alone=False,
        origin=os.environ.get("ORIGIN", "https://patrickcmd.dev"),
        owner=_credentials("OWNER"),
        user=_credentials("USER"),
        invited=_credentials("INVITED"),
    )


def _credentials(prefix: str) -> Credentials | None:
    email, password = (os.environ.get(f"{prefix}_{name}") for name in ("EMAIL", "PASSWORD"))
    return Credentials(email, password) if email and password else None


@contextmanager
def _serve(stage: "LocalStage") -> Generator[str]:
    """Serve the stage under the paths it has on AWS, as `make up` does."""
    port = free_port()
    gateway = LocalGateway(stage.api_base, lambda _: None)
    config = uvicorn.Config(gateway, lifespan="off", ws="none", log_config=None, access_log=False)
    server = uvicorn.Server(config)

    async def serve(sockets: list[socket]) -> None:
        await server.serve(sockets)
        await gateway.close()

    with listen(port) as sockets:
        thread = Thread(target=asyncio.run, args=(serve(sockets),))
        thread.start()
        try:
            yield f"http://localhost:{port}/v1"
        finally:
            server.should_exit = True
            thread.join()


def _local_target(stage: "LocalStage", url: str) -> Target:
    cognito, pool = stage.code.clients.cognito, stage.outputs["user_pool_id"]
    user, invited = create_account(cognito, pool), invite_account(cognito, pool)
    return Target(
        url=url,
        is_ours_alone=True,
        origin="http://localhost:5173",
        owner=Credentials(stage.owner.email, stage.owner.password),
        user=Credentials(user.email, user.password),
        invited=Credentials(invited.email, invited.password),
    )
