"""A preview taken down: its resources first, and its state only when they are gone."""

from datetime import timedelta
from typing import TYPE_CHECKING

from pulumi import automation

from infra.account import check_account
from infra.errors import StackError
from portfolio.engine.workspace import engine_errors, open_workspace
from portfolio.previews.leftovers import find_leftovers
from portfolio.previews.regions import note_regions
from portfolio.previews.stacks import list_previews, stack_name
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from infra.settings import StageSettings


def take_down(number: int, settings: "StageSettings", wait: timedelta, terminal: Terminal) -> None:
    """Delete a preview's resources, make sure that nothing is left, and forget its state.

    Without a stack something may be left all the same: that is looked for as well.

    Args:
        number: the pull request's.
        settings: the preview's.
        wait: how long AWS may go on listing what has been deleted.
        terminal: prints each step.

    Raises:
        AccountError: if the credentials are not those of the previews' account.
        StackError: if something cannot be deleted, or is left; the state stays then.
    """
    name = stack_name(number)
    check_account(settings)
    with open_workspace(name) as workspace:
        exists = number in {preview.number for preview in list_previews(workspace)}
        regions = {settings.region}
        if exists:
            # What is destroyed is where its state says, and so is what is left of it.
            regions |= note_regions(workspace, name)
            _destroy(workspace, number, terminal)
        terminal.step(f"{name}: looking for what is left")
        _check_gone(number, find_leftovers(settings, regions, wait))
        if exists:
            workspace.remove_stack(name)
    terminal.say(f"{name} is gone." if exists else f"There is no {name}, and nothing of one.")


def _destroy(workspace: "automation.LocalWorkspace", number: int, terminal: Terminal) -> None:
    name = stack_name(number)
    terminal.step(f"{name}: deleting its resources")
    stack = automation.Stack.select(name, workspace)
    advice = f"Its stack stays. Mend that, then run `portfolio preview down {number}` again."
    with engine_errors(name, advice):
        stack.destroy(color="never", on_output=terminal.note)


def _check_gone(number: int, left: list[str]) -> None:
    if left:
        raise StackError(
            f"{stack_name(number)} is not gone. Delete what its stack does not know of, "
            f"then run `portfolio preview down {number}` again:\n  " + "\n  ".join(left)
        )
