"""The start of a local stage: the build of the zip and the emulator's start run in parallel.

Imports take half of the time. So the functions import modules, while another process starts.
"""

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.errors import CommandLineError
from infra.paths import PROJECT
from infra.processes.background import in_background, run_abandonable, start, wait_for
from infra.processes.interruption import check_interrupted
from portfolio.local.emulator import Emulator, install_emulator, run_emulator
from portfolio.local.start_options import StartOptions
from portfolio.shared_bytecode import share_bytecode

if TYPE_CHECKING:
    from concurrent.futures import Future

    from infra.package import Package
    from infra.settings import StageSettings
    from portfolio.local.stage import LocalStage
    from portfolio.terminal import Terminal


_DEBUG_TIMEOUT: Final = 24 * 3600
"""The function's time limit while a debugger may stop it, in seconds; the emulator allows it."""

_PATIENCE: Final = 1.5
"""Seconds for an interrupted build to delete its files; the next build deletes the rest."""

_REST: Final = 1.0
"""Seconds between the end of a start and work that can wait."""

_CLOCK_STEP: Final = 0.1
"""Seconds: file systems round the time of a change down."""


@contextmanager
def run_local_stage(
    terminal: "Terminal", options: StartOptions, settings: "StageSettings | None" = None
) -> Generator["LocalStage"]:
    """Build the zip, start the emulator, deploy the program, add an owner and sample content.

    Args:
        terminal: prints a line for each step.
        options: the owner's password, the samples, the data of earlier starts, the debugger.
        settings: None for those of the file.

    Raises:
        PortfolioError: if a step fails. No process is left running.
        KeyboardInterrupt: if a signal arrives before the stage is ready. No process is left.
    """
    kept, debug_port = options.kept, options.debug_port
    if kept:
        kept.prepare()
    build = partial(build_local_package, terminal.step)
    with in_background(build, _PATIENCE) as building, in_background(_import_stage) as imported:
        with ExitStack() as running:
            with terminal.working("emulator: starting"), _collecting_later():
                install = partial(install_emulator, debug=debug_port is not None)
                python, folder = run_abandonable(install), kept.folder if kept else None
                loading = start(partial(_choose_settings, settings, options))
                emulator = running.enter_context(
                    run_emulator(python, folder, debug_port, partial(wait_for, loading))
                )
                terminal.step("emulator: started")
                terminal.doing("Pulumi: importing")
                wait_for(imported)
                set_up = partial(_set_up, loading.result(), emulator, building, terminal, options)
                stage = run_abandonable(set_up)
            start(partial(_share_bytecode, python))
            yield stage
            terminal.step("emulator: stopping")
            stopping = time.time()
        if kept and kept.saved_at() < stopping - _CLOCK_STEP:
            terminal.warn(f"The last changes were not saved in {kept.folder}: is its disk full?")


def load_local_settings(origins: Sequence[str] = (), *, debug: bool = False) -> "StageSettings":
    """Return the local stage's settings.

    Args:
        origins: further origins for browsers to call from.
        debug: True to lift the function's time limit, for breakpoints.

    Raises:
        CommandLineError: if an origin is wrong.
        SettingsError: if the file is wrong.
    """
    from infra.settings import parse_settings  # noqa: PLC0415 - slow to import
    from infra.settings.files import LOCAL, stage_config  # noqa: PLC0415 - as above

    config, key = stage_config(LOCAL), f"{PROJECT}:corsOrigins"
    if origins:
        _check_origins(origins)
        config[key] = json.dumps([*json.loads(config[key]), *origins])
    settings = parse_settings(config, LOCAL)
    return settings.model_copy(update={"timeout": _DEBUG_TIMEOUT}) if debug else settings


def _check_origins(origins: Sequence[str]) -> None:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - slow to import

    from infra.settings.problems import describe_option  # noqa: PLC0415 - as above
    from infra.settings.values import Origin  # noqa: PLC0415 - as above

    try:
        TypeAdapter(list[Origin]).validate_python(origins)
    except ValidationError as error:
        raise CommandLineError(describe_option(error, "--origin")) from None


@contextmanager
def _collecting_later() -> Generator[None]:
    """Collect no garbage in the block: to look through all the new classes takes 0.2 s."""
    gc.disable()
    try:
        yield
    finally:
        # The classes stay: each later collection would look through them again.
        gc.freeze()
        gc.enable()


def _share_bytecode(python: Path) -> None:
    """Share the bytecode of the command's and of the emulator's libraries, but serve first."""
    time.sleep(_REST)
    for environment in (Path(sys.prefix), python.parents[1]):
        share_bytecode(environment)


def _choose_settings(settings: "StageSettings | None", options: StartOptions) -> "StageSettings":
    """Return the given settings, or else those of the file."""
    debug = options.debug_port is not None
    return settings or load_local_settings(options.origins, debug=debug)


def _import_stage() -> None:
    """Import boto3 and Pulumi during the build and the emulator's start: they take a second."""
    importlib.import_module("portfolio.local.stage")
    importlib.import_module("infra.program")


def _set_up(
    settings: "StageSettings",
    emulator: Emulator,
    building: "Future[Package]",
    terminal: "Terminal",
    options: StartOptions,
) -> "LocalStage":
    from portfolio.local.stage import set_up_stage  # noqa: PLC0415 - imported by now

    # For later: the deployment mostly waits for the emulator.
    start(partial(importlib.import_module, "portfolio.local.serving"))
    return set_up_stage(settings, emulator, building, terminal, options)


def build_local_package(progress: Callable[[str], None]) -> "Package":
    """Build the local stage's zip.

    Args:
        progress: is called with a line for each step.

    Raises:
        PackageError: if it cannot be built.
        KeyboardInterrupt: if a signal arrives between two steps.
    """
    from infra.deployment import prepare  # noqa: PLC0415 - slow to import

    def report(line: str) -> None:
        check_interrupted()
        progress(line)

    return prepare(load_local_settings(), report, on_aws=False)
