"""The local stage: the program, an owner and sample content on the emulator."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.deployment import register
from infra.package import Package
from infra.settings.files import LOCAL
from portfolio.local.clients import EmulatorClients, connect
from portfolio.local.default_owner import Owner, create_owner
from portfolio.local.deploy import deploy
from portfolio.local.emulator import Emulator
from portfolio.local.function_code import FunctionCode
from portfolio.local.listeners import wait_for_debugger
from portfolio.local.provider import Ledger
from portfolio.local.resources import NOT_EMULATED
from portfolio.local.source_code import small_package
from portfolio.samples.create import create_samples

if TYPE_CHECKING:
    from infra.settings import StageSettings
    from portfolio.local.start_options import StartOptions
    from portfolio.terminal import Terminal


@dataclass(frozen=True)
class LocalStage:
    """A deployed local stage."""

    emulator: Emulator
    outputs: dict[str, str]
    """The stack's outputs, as in `pulumi stack output`."""

    api_base: str
    """The URL of the HTTP API on the emulator."""

    package: Package
    code: FunctionCode
    owner: Owner
    ledger: Ledger
    """The resources on the emulator, for the next deployment."""


def set_up_stage(
    settings: "StageSettings",
    emulator: Emulator,
    building: Future[Package],
    terminal: "Terminal",
    options: "StartOptions",
) -> LocalStage:
    """Deploy the program, and add an owner and sample content, unless they are kept.

    Args:
        settings: the local stage's settings.
        emulator: a new one.
        building: the build of the zip.
        terminal: prints a line for each step.
        options: the owner's password, the samples, the data of earlier starts.

    Raises:
        PortfolioError: if the zip cannot be built, or if a step fails.
    """
    clients = connect(emulator.endpoint, settings.region)
    terminal.doing("zip: building")
    package = building.result()
    terminal.doing("program: deploying")
    ledger: Ledger = {}
    deployed = small_package(package, emulator.folder)
    outputs = deploy(lambda: register(settings, deployed), clients, LOCAL, ledger)
    missing = ", ".join(NOT_EMULATED.values())
    terminal.step(f"program: deployed as {outputs['function_name']} (not emulated: {missing})")
    code = FunctionCode(clients, outputs["function_name"])
    owner, is_new = _add_owner(clients, outputs["user_pool_id"], options)
    terminal.doing("function: starting")
    _start_function(code, options.debug_port, terminal)
    api_base = find_api_base(emulator, outputs["api_url"])
    if is_new and options.samples:
        terminal.doing("sample content: writing")
        create_samples(api_base, owner.email, owner.password)
        terminal.step("sample content: written")
    if options.kept:
        options.kept.write_password(owner.password)
    return LocalStage(emulator, outputs, api_base, package, code, owner, ledger)


def _add_owner(clients: EmulatorClients, pool: str, options: "StartOptions") -> tuple[Owner, bool]:
    """Return the owner, and True if the stage is a new one."""
    kept = options.kept.read_password() if options.kept else None
    if kept:
        return create_owner(clients, pool, options.owner_password or kept, name=None), False
    return create_owner(clients, pool, options.owner_password), True


def _start_function(code: FunctionCode, debug_port: int | None, terminal: "Terminal") -> None:
    """Start a worker; it imports the debugger for some seconds, until the port is open."""
    code.warm_up()
    if debug_port is not None and not wait_for_debugger(debug_port):
        terminal.warn(f"The debugger does not listen on port {debug_port} yet: attach later.")


def find_api_base(emulator: Emulator, api_url: str) -> str:
    """Return the path form of an API's URL: the emulator has no pages of its own there."""
    api_id = (urlsplit(api_url).hostname or "").partition(".")[0]
    return f"{emulator.endpoint}/_aws/execute-api/{api_id}/$default"
