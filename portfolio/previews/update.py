"""Deployment of a preview: the first one, or an update."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pulumi import automation

from infra.deployment import prepare, pulumi_errors, register
from portfolio.engine.workspace import engine_errors, open_workspace
from portfolio.pending.finish import finish_pending
from portfolio.previews.resource_changes import Changes
from portfolio.previews.stacks import stack_name
from portfolio.previews.summary import summarise

if TYPE_CHECKING:
    from infra.package import Package
    from infra.settings import StageSettings

type Progress = Callable[[str], None]


def update_preview(number: int, settings: "StageSettings", progress: Progress) -> str:
    """Deploy this checkout to the preview of a pull request, and return a summary in Markdown.

    Args:
        number: the pull request's number.
        settings: the preview's settings.
        progress: called with each line about the work.

    Raises:
        PortfolioError: if the deployment fails. Finished resources are kept, and the message
            gives the next step.
    """
    package = prepare(settings, progress)
    changes = Changes()
    outputs = _update(number, settings, package, changes, progress)
    return summarise(settings.environment, outputs, changes)


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
        f"Finished resources are kept. Continue with `portfolio preview up {number}`, "
        f"or delete them with `portfolio preview down {number}`."
    )
    with open_workspace(name) as workspace:
        stack = automation.Stack.create_or_select(name, workspace)
        with engine_errors(name, advice):
            finish_pending(stack, settings, progress)
            result = stack.up(
                program=program, color="never", on_output=progress, on_event=changes.note
            )
    return {output: str(each.value) for output, each in result.outputs.items()}
