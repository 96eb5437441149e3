"""The local stage: the emulator with the program on it, from source to working API."""

from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.environment import made_up_environment
from infra.local.clients import connect
from infra.local.code import FunctionCode
from infra.local.deploy import deploy
from infra.local.emulator import Emulator, run_emulator
from infra.local.owner import Owner, create_owner
from infra.local.samples import create_samples
from infra.package import Package, Target, build_package
from infra.settings import load_settings

if TYPE_CHECKING:
    from infra.terminal import Terminal


@dataclass(frozen=True)
class LocalStage:
    """A deployed local stage."""

    emulator: Emulator
    outputs: dict[str, str]
    """The stack's outputs, as `pulumi stack output` would show them."""

    api_base: str
    """Where the emulator's gateway answers for the HTTP API; `/v1` follows it."""

    package: Package
    code: FunctionCode
    owner: Owner


@contextmanager
def run_local_stage(terminal: "Terminal", owner_password: str | None) -> Generator[LocalStage]:
    """Build the zip, start the emulator, deploy the program, add an owner and sample content.

    Raises:
        PortfolioError: if any of it fails; nothing is left running.
    """
    with ThreadPoolExecutor(1) as builder:
        building = builder.submit(build, terminal.step)
        with run_emulator() as emulator:
            terminal.step("emulator: started")
            yield _bring_up(emulator, building, terminal, owner_password)
            terminal.step("emulator: stopping")


def build(progress: Callable[[str], None]) -> Package:
    """Build the function's zip for this machine, telling in lines what is being done.

    Raises:
        PackageError: if it cannot be built.
    """
    return build_package(Target(), environment=made_up_environment(), progress=progress)


def _bring_up(
    emulator: Emulator,
    building: Future[Package],
    terminal: "Terminal",
    owner_password: str | None,
) -> LocalStage:
    clients = connect(emulator.endpoint, "us-east-1")
    # Here, while the zip is built: pulumi-aws takes longer to import than the emulator to start.
    from infra.program import deploy as register  # noqa: PLC0415

    package = building.result()
    outputs = deploy(lambda: register(load_settings(), package), clients)
    terminal.step(f"program: deployed as {outputs['function_name']}")
    code = FunctionCode(clients, outputs["function_name"])
    owner = create_owner(clients, outputs["user_pool_id"], owner_password)
    code.warm_up()
    api_base = _api_base(emulator, outputs["api_url"])
    create_samples(f"{api_base}/v1", owner)
    terminal.step("content: two posts and a draft")
    return LocalStage(emulator, outputs, api_base, package, code, owner)


def _api_base(emulator: Emulator, api_url: str) -> str:
    """The path form of the API's address, which the emulator answers nothing of itself."""
    api_id = (urlsplit(api_url).hostname or "").partition(".")[0]
    return f"{emulator.endpoint}/_aws/execute-api/{api_id}/$default"
