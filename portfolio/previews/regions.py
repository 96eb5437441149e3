"""The regions that a preview has been in, whatever its file says by now."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import automation

_TAG: Final = "regions"
_PROVIDER: Final = "pulumi:providers:aws"


def note_regions(workspace: "automation.LocalWorkspace", stack: str) -> set[str]:
    """The regions of a stack's providers, now and before.

    A tag of the stack keeps them: its state forgets them with the last resource, and what is
    left is searched for after that, as often as it takes.

    Raises:
        CommandError: if the engine cannot read the state, or write the tag.
    """
    known = set(filter(None, workspace.list_tags(stack).get(_TAG, "").split(",")))
    # The SDK does not say what is in a deployment.
    deployment: Mapping[str, Any] = workspace.export_stack(stack).deployment or {}
    resources: list[dict[str, Any]] = deployment.get("resources") or []
    of_providers = [each.get("inputs", {}) for each in resources if each["type"] == _PROVIDER]
    regions = known | {str(each["region"]) for each in of_providers if "region" in each}
    if regions != known:
        workspace.set_tag(stack, _TAG, ",".join(sorted(regions)))
    return regions
