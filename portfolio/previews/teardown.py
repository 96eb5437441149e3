"""Deletion of a preview: its resources first, then a search for leftovers, then its state."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pulumi import automation

from infra.account import check_account
from infra.errors import StackError
from portfolio.engine.workspace import engine_errors, open_workspace
from portfolio.pending.finish import finish_pending
from portfolio.previews.leftovers import find_leftovers
from portfolio.previews.stacks import list_previews, stack_name
from portfolio.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.settings import StageSettings

_REGIONS_TAG: Final = "regions"
_PROVIDER: Final = "pulumi:providers:aws"


def take_down(number: int, settings: "StageSettings", wait: timedelta, terminal: Terminal) -> None:
    """Delete a preview's resources, search for leftovers, and delete its state.

    The search for leftovers also runs if the stack does not exist.

    Args:
        number: the pull request's number.
        settings: the preview's settings.
        wait: the time limit for AWS to stop listing deleted resources.
        terminal: prints each step.

    Raises:
        AccountError: if the credentials belong to another account.
        StackError: if something cannot be deleted, or is left. The state is kept then.
    """
    name = stack_name(number)
    check_account(settings)
    with open_workspace(name) as workspace:
        exists = number in {preview.number for preview in list_previews(workspace)}
        regions = {settings.region}
        if exists:
            # The region in the settings may have changed since the deployment.
            regions |= _note_regions(workspace, name)
            _destroy(workspace, number, settings, terminal)
        terminal.step(f"{name}: searching for leftovers")
        _check_gone(number, find_leftovers(settings, regions, wait))
        if exists:
            workspace.remove_stack(name)
    terminal.say(f"{name} is gone." if exists else f"{name} does not exist, and has no leftovers.")


def _destroy(
    workspace: "automation.LocalWorkspace",
    number: int,
    settings: "StageSettings",
    terminal: Terminal,
) -> None:
    name = stack_name(number)
    terminal.step(f"{name}: deleting its resources")
    stack = automation.Stack.select(name, workspace)
    advice = f"The stack is kept. Fix this, then run `portfolio preview down {number}` again."
    with engine_errors(name, advice):
        finish_pending(stack, settings, terminal.note)
        stack.destroy(color="never", on_output=terminal.note)


def _check_gone(number: int, left: list[str]) -> None:
    if left:
        raise StackError(
            f"{stack_name(number)} is not deleted completely. Delete these leftovers, which its "
            f"stack does not list, then run `portfolio preview down {number}` again:\n  "
            + "\n  ".join(left)
        )


def _note_regions(workspace: "automation.LocalWorkspace", stack: str) -> set[str]:
    """Return the present and former regions of a stack's providers.

    A tag of the stack keeps them for the next call: the state loses them with the last resource,
    but the search for leftovers may have to run again.

    Raises:
        CommandError: if the engine cannot read the state, or write the tag.
    """
    known = set(filter(None, workspace.list_tags(stack).get(_REGIONS_TAG, "").split(",")))
    # The SDK gives no types for a deployment.
    deployment: Mapping[str, Any] = workspace.export_stack(stack).deployment or {}
    resources: list[dict[str, Any]] = deployment.get("resources") or []
    of_providers = [each.get("inputs", {}) for each in resources if each["type"] == _PROVIDER]
    regions = known | {str(each["region"]) for each in of_providers if "region" in each}
    if regions != known:
        workspace.set_tag(stack, _REGIONS_TAG, ",".join(sorted(regions)))
    return regions
