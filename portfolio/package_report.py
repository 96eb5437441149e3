"""The steps of `portfolio package`: build or clean, and print a report as text or JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from infra.deployment import build_stage_package
from infra.errors import PackageError
from infra.package.cache.storage import clear_caches
from infra.package.manifest import manifest_path
from infra.package.result import REUSED
from infra.paths import PROJECT, ROOT
from infra.settings import parse_settings
from infra.settings.files import stack_of, stage_config
from portfolio.inspection.sizes import format_size
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from infra.package import Package
    from infra.package.cache.entries import Cleared


def copy_package(package: "Package", output: Path) -> None:
    """Copy a zip, and its manifest next to it.

    Raises:
        PackageError: if one of them cannot be written.
    """
    try:
        copyfile(package.path, output)
        copyfile(package.manifest, manifest_path(output))
    except OSError as error:
        reason = error.strerror or "it is the built zip itself"
        raise PackageError(
            f"{output} cannot be written: {reason}. Choose another --output."
        ) from None


def report_json(package: "Package", path: Path) -> str:
    """Return the zip's path and hashes, the reasons for its build, and the files left out."""
    report = {
        "path": str(path),
        "sha256": package.sha256,
        "size": package.size,
        "manifest": str(manifest_path(path)),
        "manifest_sha256": package.manifest_sha256,
        "steps": {
            step: {"reused": reason == REUSED, "reason": None if reason == REUSED else reason}
            for step, reason in package.steps.items()
        },
        "left_out": dict(package.left_out),
    }
    return json.dumps(report, indent=2)


def report_cleared(cleared: "Cleared") -> str:
    """Return the freed size, and the size still in use."""
    stays = f"; kept for running builds: {cleared.in_use}" if cleared.in_use else ""
    return f"Freed {format_size(cleared.freed)}{stays}."


def build(  # noqa: PLR0913 - the command's options
    stage: str,
    chosen: Mapping[str, str | None],
    terminal: Terminal,
    *,
    output: Path | None,
    as_json: bool,
    project: Path = ROOT,
) -> None:
    """Build the zip of a stage, and print its path.

    Args:
        stage: the stage with the settings of the build.
        chosen: settings to use instead of the stage's; `None` keeps the stage's.
        terminal: prints the steps and the result.
        output: the path of a copy, with its manifest next to it.
        as_json: True to print only JSON.
        project: the checkout, with the stage's file and the code.

    Raises:
        PortfolioError: if the stage does not exist, or its zip cannot be built.
    """
    differing = {f"{PROJECT}:{key}": value for key, value in chosen.items() if value is not None}
    stack = stack_of(stage)
    settings = parse_settings(stage_config(stack, project) | differing, stack)
    progress = _keep_quiet if as_json else terminal.step
    built = build_stage_package(settings, progress, project=project)
    path = output or built.path
    if output:
        copy_package(built, output)
    terminal.say(report_json(built, path) if as_json else f"{path}  sha256:{built.sha256}")


def empty_cache(terminal: Terminal, project: Path = ROOT) -> None:
    """Delete the cached builds, except those in use, and print the freed size."""
    terminal.say(report_cleared(clear_caches(project)))


def _keep_quiet(_: str) -> None:
    pass
