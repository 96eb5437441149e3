"""A preview made, or brought up to date."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pulumi
from pulumi import automation

from infra.account import check_account
from infra.automation import open_workspace
from infra.previews.changes import Changes
from infra.previews.comparison import compare_with_base
from infra.previews.stacks import stack_name
from infra.previews.summary import summarise
from infra.program import check_contract, deploy
from infra.settings import load_stage_settings
from infra.stage_package import build_stage_package

if TYPE_CHECKING:
    from infra.package import Package
    from infra.settings import StageSettings


def bring_up(number: int, base: str | None, progress: Callable[[str], None]) -> str:
    """Deploy this checkout to the preview of a pull request; return a summary, in Markdown.

    Args:
        number: the pull request's.
        base: the commit whose zip this one's is compared with; `None` for no comparison.
        progress: told in lines what is being done.

    Raises:
        PortfolioError: if it cannot be deployed.
    """
    name = stack_name(number)
    settings = load_stage_settings(name)
    check_account(settings)
    check_contract(settings)
    package = build_stage_package(settings, progress)
    comparison = compare_with_base(settings, package, base) if base else None
    changes = Changes(progress)
    outputs = _update(settings, package, changes)
    return summarise(name, outputs, changes, comparison)


def _update(
    settings: "StageSettings",
    package: "Package",
    changes: Changes,
) -> Mapping[str, str]:
    def program() -> None:
        for output, value in deploy(settings, package).items():
            pulumi.export(output, value)

    with open_workspace(settings.environment) as workspace:
        stack = automation.Stack.create_or_select(settings.environment, workspace)
        result = stack.up(program=program, color="never", on_event=changes.note)
    return {name: str(output.value) for name, output in result.outputs.items()}
