"""The zip of a stage, built as its settings say."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from infra.contract.environment import made_up_environment
from infra.package import Budget, Package, Target, build_package, choose_engine
from infra.paths import ROOT

if TYPE_CHECKING:
    from infra.settings import StageSettings


def build_stage_package(
    settings: "StageSettings", progress: Callable[[str], None], *, project: Path = ROOT
) -> Package:
    """Build the zip, or find the one built before, telling in lines what is being done.

    Args:
        settings: the stage's.
        progress: told in lines what is being done.
        project: the checkout whose code it is.

    Raises:
        ToolMissingError: if containers are to build it and nothing here runs them.
        PackageError: if it cannot be built.
    """
    engine = choose_engine(
        settings.package_engine,
        image=settings.package_image,
        command=settings.container_command,
        progress=progress,
    )
    return build_package(
        Target(architecture=settings.architecture),
        environment=made_up_environment(),
        engine=engine,
        project=project,
        progress=progress,
        budget=Budget(zipped=settings.package_max_zipped, unzipped=settings.package_max_unzipped),
    )
