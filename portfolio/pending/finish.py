"""The end of creations that an interrupted deployment left pending.

The engine notes the start and the end of each creation. If it is killed in between, the state has
a pending operation, and AWS may have the resource. The next deployment would create it again and
fail, because the name is taken.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pulumi import automation

from infra.account import check_account
from infra.errors import StackError
from infra.settings.files import LOCAL
from portfolio.engine.workspace import open_workspace
from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.pending.import_ids import find_import_id
from portfolio.stage_access import open_session

if TYPE_CHECKING:
    from infra.settings import StageSettings

type Progress = Callable[[str], None]
type _Resource = dict[str, Any]
"""A resource in the engine's state."""


def finish_pending_of(stack: str, settings: "StageSettings", progress: Progress) -> None:
    """Finish the pending creations of a stage.

    Args:
        stack: the name of its stack.
        settings: its settings.
        progress: called with a line for each resource.

    Raises:
        AccountError: if the credentials belong to another account.
        StackError: if the stack is that of the local stage or does not exist, or if the engine or
            AWS refuses something.
    """
    if stack == LOCAL:
        raise StackError("The local stage has no state to repair: start it again with make up.")
    check_account(settings)
    with open_workspace(stack) as workspace:
        finish_pending(automation.Stack.select(stack, workspace), settings, progress)


def finish_pending(stack: automation.Stack, settings: "StageSettings", progress: Progress) -> None:
    """Take a stack's pending resources into its state if AWS has them, else forget them.

    `pulumi refresh --import-pending-creates` only forgets them. So each goes into the state with
    its import id, and a refresh reads it from AWS, or removes it if AWS does not have it.

    Raises:
        CommandError: if the engine cannot read or change the state.
        StackError: if AWS refuses a search, or cannot be reached.
    """
    exported = stack.export_stack()
    state: dict[str, Any] = dict(exported.deployment or {})
    pending = _pending_creations(state)
    if not pending:
        return
    found = _identify(pending, settings)
    for urn in pending:
        action = "looking for it in AWS" if urn in found else "creating it again"
        progress(f"{urn.rpartition('::')[2]} was interrupted while being created: {action}")
    identified: list[_Resource] = [
        {**pending[urn], "id": found[urn], "outputs": {}} for urn in found
    ]
    state["resources"] = [*(state.get("resources") or []), *identified]
    state["pending_operations"] = []
    stack.import_stack(automation.Deployment(exported.version, state))
    if found:
        stack.refresh(target=list(found), color="never", on_output=progress)


def _pending_creations(state: Mapping[str, Any]) -> dict[str, _Resource]:
    """Return the resources in the state's pending creations, by URN."""
    operations: list[dict[str, Any]] = state.get("pending_operations") or []
    begun = (each["resource"] for each in operations if each["type"] == "creating")
    return {each["urn"]: each for each in begun}


def _identify(pending: Mapping[str, _Resource], settings: "StageSettings") -> dict[str, str]:
    """Return the import ids of the resources that AWS would not create again, by URN."""
    session = open_session(settings, settings.region)
    with explain_aws_errors(settings.environment):
        ids = {
            urn: find_import_id(each["type"], each["inputs"], session)
            for urn, each in pending.items()
        }
    return {urn: each for urn, each in ids.items() if each}
