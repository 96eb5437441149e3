"""From source to a working local stage, with what can be done at once done at once."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra.local.emulator import run_emulator
from infra.package import Package
from infra.settings import load_stage_settings
from infra.stage_package import build_stage_package

if TYPE_CHECKING:
    from infra.local.stage import LocalStage
    from infra.terminal import Terminal


@contextmanager
def run_local_stage(terminal: "Terminal", owner_password: str | None) -> Generator["LocalStage"]:
    """Build the zip, start the emulator, deploy the program, add an owner and sample content.

    Raises:
        PortfolioError: if any of it fails; nothing is left running.
    """
    with ThreadPoolExecutor(1) as builder:
        building = builder.submit(build_local_package, terminal.step)
        with run_emulator() as emulator:
            terminal.step("emulator: started")
            # Here, while the zip is built: boto3 and Pulumi take seconds to import.
            from infra.local.stage import bring_up  # noqa: PLC0415

            yield bring_up(emulator, building, terminal, owner_password)
            terminal.step("emulator: stopping")


def build_local_package(progress: Callable[[str], None]) -> Package:
    """Build the local stage's zip, telling in lines what is being done.

    Raises:
        PackageError: if it cannot be built.
    """
    return build_stage_package(load_stage_settings("local"), progress)
