"""A preview made, or brought up to date."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pulumi import automation

from infra.deployment import prepare, pulumi_errors, register
from portfolio.engine.workspace import engine_errors, open_workspace
from portfolio.inspection.base_zip import choose_base
from portfolio.inspection.commit_comparison import compare_with_base
from portfolio.previews.resource_changes import Changes
from portfolio.previews.stacks import stack_name
from portfolio.previews.summary import summarise

if TYPE_CHECKING:
    from infra.package import Package
    from infra.settings import StageSettings

type Progress = Callable[[str], None]


def update_preview(
    number: int, settings: "StageSettings", base: str | None, progress: Progress
) -> str:
    """Deploy this checkout to the preview of a pull request; return a summary, in Markdown.

    Args:
        number: the pull request's.
        settings: the preview's.
        base: the value of `--base`: the commit whose zip is compared with this one's.
        progress: called with each line about the work.

    Raises:
        PortfolioError: if it cannot be deployed. What is there already stays, and the message
            says how to go on.
    """
    chosen = choose_base(base)
    package = prepare(settings, progress)
    changes = Changes()
    outputs = _update(number, settings, package, changes, progress)
    comparison = compare_with_base(settings, package, chosen, progress)
    return summarise(settings.environment, outputs, changes, comparison)


def _update(
    number: int,
    settings: "StageSettings",
    package: "Package",
    changes: Changes,
    progress: Progress,
) -> Mapping[str, str]:
    def program() -> None:
        with pulumi_errors():
            register(settings, package)

    name = stack_name(number)
    advice = (
        f"What is there stays. `portfolio preview up {number}` goes on from here, "
        f"`portfolio preview down {number}` removes it."
    )
    with open_workspace(name) as workspace:
        stack = automation.Stack.create_or_select(name, workspace)
        with engine_errors(name, advice):
            result = stack.up(
                program=program, color="never", on_output=progress, on_event=changes.note
            )
    return {output: str(each.value) for output, each in result.outputs.items()}
