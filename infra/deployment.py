"""The order of a deployment: settings, contract, account, zip, resources, outputs.

Pulumi and boto3 take seconds to import. The functions that need them import them, so that
`portfolio package` and the start of the local stage do without.
"""

import os
import string
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.contract.environment import (
    LAMBDAS_OWN,
    SESSION_KEY,
    check_contract,
    function_environment,
    secret_variables,
)
from infra.contract.routes import check_openapi
from infra.errors import PortfolioError
from infra.package import Budget, Package, Target, build_package
from infra.package.container_engine import find_container_engine
from infra.package.engine import Engine, EngineName
from infra.package.host_engine import HOST
from infra.paths import ROOT
from infra.processes.background import in_background, wait_for
from infra.processes.printable import format_error, printable_message
from infra.processes.refusals import describe_refusal
from infra.settings import PRODUCTION, StageSettings, load_settings

if TYPE_CHECKING:
    from infra.program import Outputs

type Progress = Callable[[str], None]
"""Called with each line about the work."""

_PLACEHOLDERS: Final = {
    "environment": "placeholder",
    "allowedAccounts": ("000000000000",),
    "corsOrigins": ("https://placeholder.example",),
}
"""The settings without a default, for a test of a package: no stage's file is needed."""


def deploy(progress: Progress) -> Package:
    """Deploy Pulumi's current stack, and return its zip.

    Args:
        progress: called with each line about the work, made printable: Pulumi prints it as it is.

    Raises:
        pulumi.RunError: with one clear message, if the user has something to fix.
    """
    with pulumi_errors():
        settings = load_settings()
        package = prepare(settings, lambda line: progress(printable_message(line)))
        register(settings, package)
    return package


def prepare(
    settings: StageSettings, progress: Progress, *, on_aws: bool = True, project: Path = ROOT
) -> Package:
    """Check the contract with the backend and the AWS account, then build the zip.

    Args:
        settings: the stage's settings.
        progress: called with each line about the work.
        on_aws: False for the emulator. Any credentials open it, so the account is not checked.
            Nor is openapi.json: the function reloads with each new route, the gateway does not.
            The results of the user's other checkouts are used; a deployment builds its own.
        project: the checkout with the code.

    Raises:
        ContractError: if the function's environment does not fit the backend, or if
            `backend/openapi.json` is out of date.
        AccountError: if the AWS credentials are missing, or do not belong to the stage.
        PackageError: if the zip cannot be built.
    """
    check_contract(settings)
    if on_aws:
        from infra.account import check_account  # noqa: PLC0415 - boto3 is slow to import

        # A process of a second, beside the call of AWS.
        with in_background(partial(check_openapi, project)) as comparison:
            check_account(settings)
            wait_for(comparison)
    return build_stage_package(settings, progress, project=project, shared=not on_aws)


def register(settings: StageSettings, package: Package) -> "Outputs":
    """Register the stage's resources, and export and return the stack's outputs.

    Raises:
        ContractError: if the routes do not fit the gateway; no resource is registered then.
    """
    import pulumi  # noqa: PLC0415 - slow to import

    from infra.program import register_resources  # noqa: PLC0415 - imports Pulumi too

    outputs = register_resources(settings, package)
    for name, value in outputs.items():
        pulumi.export(name, value)
    return outputs


@contextmanager
def running_program(file: str) -> Generator[None]:
    """Run the block as a program of Pulumi's, whose errors are for people.

    Args:
        file: the entry point.

    Raises:
        pulumi.RunError: with the message of a PortfolioError, of a refusal of the system, or with
            the traceback of a bug; Pulumi prints it as it is.
    """
    import pulumi  # noqa: PLC0415 - slow to import

    try:
        with pulumi_errors():
            _check_python_path(Path(file))
            yield
    except pulumi.RunError:
        raise
    except Exception as error:  # noqa: BLE001 - Pulumi would print it as it is
        raise pulumi.RunError(format_error(error)) from None


def _check_python_path(program: Path) -> None:
    """Refuse modules from outside of the checkout: they come before those of `uv.lock`."""
    folders = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    foreign = [each for each in folders if not Path(each).resolve().is_relative_to(ROOT)]
    if foreign or not program.resolve().is_relative_to(ROOT):
        raise PortfolioError(
            f"PYTHONPATH has {', '.join(foreign) or ROOT}, and its modules come before those of "
            "this project: unset PYTHONPATH, then try again."
        )


@contextmanager
def pulumi_errors() -> Generator[None]:
    """Turn errors in the block into `pulumi.RunError`: Pulumi shows it without a traceback.

    Raises:
        pulumi.RunError: with the message of a PortfolioError, or a refusal of the system.
    """
    import pulumi  # noqa: PLC0415 - slow to import

    try:
        yield
    except PortfolioError as error:
        raise pulumi.RunError(printable_message(str(error))) from None
    except OSError as error:
        raise pulumi.RunError(printable_message(describe_refusal(error))) from None


def build_stage_package(
    settings: StageSettings, progress: Progress, *, project: Path = ROOT, shared: bool = False
) -> Package:
    """Build the zip, or reuse an earlier one.

    Args:
        settings: the stage's settings.
        progress: called with one line for each step.
        project: the checkout with the code.
        shared: True to use the results of the user's other checkouts, and to share these.

    Raises:
        ToolMissingError: if the container engine is chosen, but its program is missing.
        PackageError: if the zip cannot be built.
    """
    engine = choose_engine(
        settings.package_engine,
        image=settings.package_image,
        command=settings.container_command,
        progress=progress,
    )
    return build_package(
        Target(architecture=settings.architecture, docs=settings.environment != PRODUCTION),
        environment=placeholder_environment(),
        engine=engine,
        project=project,
        progress=progress,
        budget=Budget(zipped=settings.package_max_zipped, unzipped=settings.package_max_unzipped),
        shared=shared,
    )


def placeholder_environment() -> dict[str, str]:
    """Return a complete, valid environment with placeholder names, to test a package."""
    variables = function_environment(
        StageSettings.model_validate(_PLACEHOLDERS),
        table_name="placeholder-table",
        user_pool_id="us-east-1_Placeholder",
        client_id="placeholder",
        secrets=dict.fromkeys((SESSION_KEY, *secret_variables()), string.ascii_letters),
    )
    return LAMBDAS_OWN | {name: str(value) for name, value in variables.items()}


def choose_engine(name: EngineName, *, image: str, command: str, progress: Progress) -> Engine:
    """Return the engine with this name, ready to build.

    Args:
        name: the engine's name.
        image: the image for containers.
        command: the program to run containers.
        progress: called with one line if the image is pulled.

    Raises:
        ToolMissingError: if the program is missing.
        PackageError: if it does not answer, or the image cannot be pulled.
    """
    return HOST if name == "host" else find_container_engine(command, image, progress)
