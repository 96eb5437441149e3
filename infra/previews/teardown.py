"""A preview taken down: its resources first, and its state only when they are gone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pulumi import automation

from infra.account import check_account
from infra.automation import open_workspace
from infra.errors import StackError
from infra.previews.changes import Changes
from infra.previews.leftovers import find_leftovers
from infra.previews.stacks import list_previews, stack_name
from infra.settings import load_stage_settings

if TYPE_CHECKING:
    from infra.settings import StageSettings

type Progress = Callable[[str], None]


def take_down(number: int, patience: float, progress: Progress) -> None:
    """Delete a preview's resources, make sure that nothing is left, and forget its state.

    Without a stack something may be left all the same: that is looked for as well.

    Args:
        number: the pull request's.
        patience: seconds that AWS may go on listing what has been deleted.
        progress: told in lines what is being done.

    Raises:
        AccountError: if the credentials are not those of the previews' account.
        StackError: if something cannot be deleted, or is left; the state stays then.
    """
    name = stack_name(number)
    settings = load_stage_settings(name)
    check_account(settings)
    with open_workspace(name) as workspace:
        exists = number in {preview.number for preview in list_previews(workspace)}
        if exists:
            _destroy(workspace, name, progress)
        _check_gone(settings, patience, progress)
        if exists:
            workspace.remove_stack(name)
    progress(f"{name}: gone" if exists else f"{name}: there is no such stack, and nothing is left")


def _destroy(workspace: "automation.LocalWorkspace", name: str, progress: Progress) -> None:
    stack = automation.Stack.select(name, workspace)
    stack.destroy(color="never", on_event=Changes(progress).note)


def _check_gone(settings: "StageSettings", patience: float, progress: Progress) -> None:
    progress(f"{settings.environment}: looking for what is left")
    left = find_leftovers(settings, patience)
    if left:
        raise StackError(
            f"{settings.environment} is not gone: delete these and run the command again.\n  "
            + "\n  ".join(left)
        )
