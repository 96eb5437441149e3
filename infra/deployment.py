"""The zip of a stage, built as its settings say."""

import string
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from infra.contract.environment import LAMBDAS_OWN, function_environment
from infra.package import Budget, Package, Target, build_package
from infra.package.container.engine import find_container_engine
from infra.package.engine import Engine, EngineName
from infra.package.host import HOST
from infra.paths import ROOT
from infra.settings import load_stage_settings

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


def made_up_environment() -> dict[str, str]:
    """A complete, valid environment that leads nowhere, to try a package with."""
    variables = function_environment(
        load_stage_settings("local"),
        table_name="made-up-table",
        user_pool_id="us-east-1_MadeUp000",
        client_id="madeupclient",
        session_key=string.ascii_letters,
    )
    return LAMBDAS_OWN | {name: str(value) for name, value in variables.items()}


def choose_engine(
    name: EngineName, *, image: str, command: str, progress: Callable[[str], None]
) -> Engine:
    """The engine of a name, ready to build.

    Args:
        name: which one.
        image: what containers are made from.
        command: the program that runs them.
        progress: told in a line what takes long.

    Raises:
        ToolMissingError: if the program is missing.
        PackageError: if it does not answer, or the image cannot be pulled.
    """
    return HOST if name == "host" else find_container_engine(command, image, progress)
