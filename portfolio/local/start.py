"""The start of a local stage: the build of the zip and the emulator's start run in parallel."""

import json
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from infra.deployment import prepare
from infra.package import Package
from infra.processes.background import in_background, run_abandonable
from infra.processes.interruption import check_interrupted
from infra.settings import parse_settings
from infra.settings.files import LOCAL, PROJECT, stage_config
from portfolio.local.emulator import Emulator, install_emulator, run_emulator

if TYPE_CHECKING:
    from infra.settings import StageSettings
    from portfolio.local.stage import LocalStage
    from portfolio.terminal import Terminal


_PATIENCE: Final = 1.5
"""Seconds for an interrupted build to delete its files; the next build deletes the rest."""


@contextmanager
def run_local_stage(
    terminal: "Terminal", owner_password: str | None, settings: "StageSettings | None" = None
) -> Generator["LocalStage"]:
    """Build the zip, start the emulator, deploy the program, add an owner and sample content.

    Args:
        terminal: prints a line for each step.
        owner_password: the owner's password; None for a random one.
        settings: None for those of the file.

    Raises:
        PortfolioError: if a step fails. No process is left running.
        KeyboardInterrupt: if a signal arrives before the stage is ready. No process is left.
    """
    settings = settings or load_local_settings()
    build = partial(build_local_package, terminal.step)
    with in_background(build, _PATIENCE) as building:
        python = run_abandonable(install_emulator)
        with run_emulator(python) as emulator:
            terminal.step("emulator: started")
            yield run_abandonable(
                partial(_set_up, settings, emulator, building, terminal, owner_password)
            )
            terminal.step("emulator: stopping")


def load_local_settings(origins: Sequence[str] = ()) -> "StageSettings":
    """Return the local stage's settings.

    Args:
        origins: further origins for browsers to call from.

    Raises:
        SettingsError: if the file or an origin is wrong.
    """
    config, key = stage_config(LOCAL), f"{PROJECT}:corsOrigins"
    if origins:
        config[key] = json.dumps([*json.loads(config[key]), *origins])
    return parse_settings(config, LOCAL)


def _set_up(
    settings: "StageSettings",
    emulator: Emulator,
    building: Future[Package],
    terminal: "Terminal",
    owner_password: str | None,
) -> "LocalStage":
    # Imported here, during the build: boto3 and Pulumi take seconds to import.
    from portfolio.local.stage import set_up_stage  # noqa: PLC0415

    return set_up_stage(settings, emulator, building, terminal, owner_password)


def build_local_package(progress: Callable[[str], None]) -> Package:
    """Build the local stage's zip.

    Args:
        progress: is called with a line for each step.

    Raises:
        PackageError: if it cannot be built.
        KeyboardInterrupt: if a signal arrives between two steps.
    """

    def report(line: str) -> None:
        check_interrupted()
        progress(line)

    return prepare(load_local_settings(), report, on_aws=False)
