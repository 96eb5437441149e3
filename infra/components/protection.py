"""Guards that stop the table and user pool from being deleted or replaced."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Never

import pulumi

type Fixed = Mapping[str, tuple[pulumi.Output[Any], object]]
"""Properties AWS cannot change once a resource exists: the current and the program's value."""


@dataclass(frozen=True)
class Guards:
    """Hooks to make preview, up and destroy fail before they delete a resource."""

    table: pulumi.ResourceHook
    user_pool: pulumi.ResourceHook


def register_guards() -> Guards:
    """Register the hooks on every stage, even without protection: an older state may name them.

    `protect` alone is not enough. With `--skip-preview`, `pulumi destroy` deletes all other
    resources before it reports a protected one. But it looks for hooks first, and prints the name
    of a missing hook if it does not run the program. So each name is the advice to the user, and
    is the same on every stage.
    """
    return Guards(_guard("table", "adoptTable"), _guard("user pool", "adoptUserPool"))


def refuse_replacement(kind: str, name: pulumi.Output[str], fixed: Fixed) -> None:
    """Fail, in a preview too, if the program's values would need a replacement.

    The resource's options must ignore changes of these properties, so that it stays unchanged.
    `refuse_replacements` would stop the replacement too. This also stops an import of a resource
    that does not fit, and names each property.

    Args:
        kind: the resource's kind in messages.
        name: the resource's name in AWS.
        fixed: the properties to compare.
    """
    for key, (found, wanted) in fixed.items():
        there = pulumi.Output.all(name, found)
        there.apply(lambda known, key=key, wanted=wanted: _compare(kind, key, wanted, *known))


def _guard(kind: str, setting: str) -> pulumi.ResourceHook:
    advice = (
        f"the {kind} holds data: to allow its deletion, set protect to false, remove {setting}, "
        "and run pulumi up"
    )

    def refuse(deleted: pulumi.ResourceHookArgs) -> Never:
        name = (deleted.old_inputs or {}).get("name")
        raise pulumi.RunError(f"{name} must not be deleted or replaced")

    return pulumi.ResourceHook(advice, refuse, pulumi.ResourceHookOptions(on_dry_run=True))


def _compare(kind: str, key: str, wanted: object, name: str, found: object) -> None:
    if (found or None) != (wanted or None):
        # Logged immediately: if a hook fails first, Pulumi does not show the error below.
        pulumi.log.error(
            f"{name} ({kind}) would be replaced, and its data lost: its {key} cannot change from "
            f"{found or 'nothing'} to {wanted or 'nothing'}. Undo that change"
        )
        raise pulumi.RunError("A table or user pool with data is never replaced")
