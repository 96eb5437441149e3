"""`portfolio inspect`: one zip, two zips, or this checkout's zip and another commit's."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from infra.deployment import build_stage_package
from infra.errors import PackageError, PortfolioError
from infra.package.cache.storage import find_last_zip
from infra.package.inventory import read_inventory
from infra.paths import ROOT
from infra.settings import load_stage_settings
from infra.settings.files import stack_of
from portfolio.inspection.base_zip import built_base
from portfolio.inspection.comparison_markdown import (
    describe_zip,
    describe_zip_beside_base,
    describe_zip_without_base,
)
from portfolio.inspection.measurements import Measurement, measure_zips
from portfolio.inspection.zip_changes import compare_zips, show_changes
from portfolio.inspection.zip_contents import find_manifest, read_contents, show_contents
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from infra.package import Architecture

type Format = Literal["text", "json", "markdown"]
"""Text for people, JSON for programs, Markdown for a comment on a pull request."""


def inspect_zip(  # noqa: PLR0913 - the command's options
    path: Path | None,
    terminal: Terminal,
    *,
    depth: int,
    everything: bool,
    output: Format,
    project: Path = ROOT,
) -> None:
    """Print the contents of a zip. The default is the zip built last in this checkout.

    Raises:
        PackageError: if the file is missing, or is not a zip of this project.
    """
    path = path or find_last_zip(project)
    if output == "markdown":
        read_inventory(path, check=True)  # refuses other and damaged files
        (own,) = _measure(path)
        terminal.say(describe_zip(own))
    elif output == "json":
        terminal.say(json.dumps(read_contents(path), indent=2))
    else:
        show_contents(path, terminal, depth=depth, everything=everything)


def inspect_change(  # noqa: PLR0913 - the command's options
    before: Path,
    after: Path,
    terminal: Terminal,
    *,
    everything: bool,
    output: Format,
    name: str | None = None,
) -> None:
    """Print the changes from one zip to another.

    Args:
        before: the first zip.
        after: the second zip.
        terminal: prints the changes.
        everything: prints every changed file.
        output: the format.
        name: the first zip's name in Markdown. The default is its file name.

    Raises:
        PackageError: if a file is missing, or is not a zip of this project.
    """
    changes = compare_zips(before, after)
    if output == "markdown":
        base, own = _measure(before, after)
        terminal.say(describe_zip_beside_base(own, base, name or before.name))
    elif output == "json":
        terminal.say(json.dumps(changes, indent=2))
    else:
        show_changes(changes, terminal, everything=everything)


def inspect_change_since(
    commit: str, stage: str, terminal: Terminal, *, everything: bool, output: Format
) -> None:
    """Build the zips of a commit and of this checkout, and print the changes.

    Progress goes to standard error. Markdown includes the reason for a failed comparison.

    Args:
        commit: the commit to compare with.
        stage: the stage whose settings build both zips.
        terminal: prints the changes.
        everything: prints every changed file.
        output: the format.

    Raises:
        PortfolioError: if one of the zips cannot be built.
    """
    settings = load_stage_settings(stack_of(stage))
    terminal.note(f"building the zip of {commit}")
    try:
        with built_base(commit, stage) as base:
            # After the base, because `portfolio inspect` shows the zip built last.
            own = build_stage_package(settings, terminal.note)
            inspect_change(
                base, own.path, terminal, everything=everything, output=output, name=commit
            )
    except (PortfolioError, OSError) as error:
        if output == "markdown":
            own = build_stage_package(settings, terminal.note)
            (measured,) = _measure(own.path)
            terminal.say(describe_zip_without_base(measured, commit, str(error)))
        raise PackageError(f"The zip is not compared with {commit}: {error}") from None


def _measure(*zips: Path) -> list[Measurement]:
    """Measure zips for the architecture of the last one, if a manifest names it."""
    manifest = find_manifest(zips[-1])
    architecture = cast("Architecture", manifest["architecture"]) if manifest else None
    return measure_zips(zips, architecture)
