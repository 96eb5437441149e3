"""The zip of a stage, built as its settings say."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from infra.environment import made_up_environment
from infra.package import Budget, Package, Target, build_package, choose_engine

if TYPE_CHECKING:
    from infra.settings import StageSettings


def build_stage_package(settings: "StageSettings", progress: Callable[[str], None]) -> Package:
    """Build the zip, or find the one built before, telling in lines what is being done.

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
        progress=progress,
        budget=Budget(zipped=settings.package_max_zipped, unzipped=settings.package_max_unzipped),
    )
