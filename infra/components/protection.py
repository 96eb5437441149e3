"""Guards that stop the table and user pool from being deleted or replaced."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Never

import pulumi

from infra.processes.printable import printable

DESTROY_VARIABLE: Final = "PORTFOLIO_DESTROY"
"""The environment variable with the name of a protected stack to destroy as far as possible."""

type Fixed = Mapping[str, tuple[pulumi.Output[Any], object]]
"""Properties AWS cannot change once a resource exists: the current and the program's value."""


@dataclass(frozen=True)
class Guards:
    """Hooks to make preview, up and destroy fail before they delete a resource."""

    table: pulumi.ResourceHook
    user_pool: pulumi.ResourceHook
    stage: pulumi.ResourceHook
    """The hook of the resource that `pulumi destroy` deletes first."""


def register_guards() -> Guards:
    """Register the hooks on every stage, even without protection: an older state may name them.

    `protect` alone is not enough. With `--skip-preview`, `pulumi destroy` deletes all other
    resources before it reports a protected one. But it looks for hooks first, and prints the name
    of a missing hook if it does not run the program. So each name is the advice to the user, and
    is the same on every stage.
    """
    return Guards(
        _guard("table", "adoptTable"), _guard("user pool", "adoptUserPool"), _guard_stage()
    )


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
        raise pulumi.RunError(printable(f"{name} must not be deleted or replaced"))

    return pulumi.ResourceHook(advice, refuse, pulumi.ResourceHookOptions(on_dry_run=True))


def _guard_stage() -> pulumi.ResourceHook:
    """Return the hook that stops `pulumi destroy --run-program` before it deletes anything.

    The engine reaches the table last: the resources that serve requests would already be gone.
    """
    advice = "the stage is protected: to allow its deletion, set protect to false and run pulumi up"
    stack = pulumi.get_stack()

    def refuse(_: pulumi.ResourceHookArgs) -> None:
        if os.environ.get(DESTROY_VARIABLE) != stack:
            raise pulumi.RunError(
                f"nothing was deleted. To delete all but protected resources, set "
                f"{DESTROY_VARIABLE}={stack}"
            )

    return pulumi.ResourceHook(advice, refuse, pulumi.ResourceHookOptions(on_dry_run=True))


def _compare(kind: str, key: str, wanted: object, name: str, found: object) -> None:
    if (found or None) != (wanted or None):
        # Logged immediately: if a hook fails first, Pulumi does not show the error below.
        pulumi.log.error(
            printable(
                f"{name} ({kind}) would be replaced, and its data lost: its {key} cannot change "
                f"from {found or 'nothing'} to {wanted or 'nothing'}. Undo that change"
            )
        )
        raise pulumi.RunError("A table or user pool with data is never replaced")
