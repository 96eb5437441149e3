"""What keeps what holds data from being deleted or replaced, before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Never

import pulumi

type Fixed = Mapping[str, tuple[pulumi.Output[Any], object]]
"""Properties that AWS decides when it makes something: what is there, and what the program says."""


@dataclass(frozen=True)
class Guards:
    """Hooks by which preview, up and destroy fail rather than delete what has them."""

    table: pulumi.ResourceHook
    user_pool: pulumi.ResourceHook


def register_guards() -> Guards:
    """Register the hooks, whatever the stage protects: its state may name them from before.

    `protect` alone would not do. With `--skip-preview` `pulumi destroy` deletes everything else
    before it says what it may not. It looks for hooks first, and shows their names where it is
    not asked to run the program: so the names are the advice, and the same on every stage.
    """
    return Guards(_guard("table", "adoptTable"), _guard("user pool", "adoptUserPool"))


def refuse_replacement(kind: str, name: pulumi.Output[str], fixed: Fixed) -> None:
    """Fail, in a preview too, where AWS would have to make something anew to please the program.

    Its options must ignore changes of these properties, so that it stays as it is meanwhile. A
    hook could not tell a replacement from the end of a stage, and would have `pulumi destroy`
    run the program.

    Args:
        kind: what people call it.
        name: its name at AWS.
        fixed: what is compared.
    """
    for key, (found, wanted) in fixed.items():
        there = pulumi.Output.all(name, found)
        there.apply(lambda known, key=key, wanted=wanted: _compare(kind, key, wanted, *known))


def refuse_other_issuer() -> pulumi.ResourceHookBinding:
    """A hook of what trusts a pool's tokens, by which preview and up fail when the pool is another.

    So the pool is kept, whatever would replace it, where it has no guard. Hooks for updates are
    the new program's alone, and `pulumi destroy` asks for none.
    """

    def refuse(updated: pulumi.ResourceHookArgs) -> None:
        before, after = (_issuer(each) for each in (updated.old_inputs, updated.new_inputs))
        if before != after:
            raise pulumi.RunError(
                f"{str(before).rpartition('/')[2]} (user pool) would be replaced, and its users "
                "lost (pulumi preview --diff shows why). Set that back; if the pool is gone "
                "already, begin anew with pulumi destroy"
            )

    options = pulumi.ResourceHookOptions(on_dry_run=True)
    hook = pulumi.ResourceHook("the issuer of tokens stays", refuse, options)
    return pulumi.ResourceHookBinding(before_update=[hook])


def _issuer(authorizer: Mapping[str, Any] | None) -> object:
    return (authorizer or {}).get("jwtConfiguration", {}).get("issuer")


def _guard(kind: str, setting: str) -> pulumi.ResourceHook:
    advice = (
        f"the {kind} holds data: to let go of it, set protect to false, remove {setting}, "
        "and run pulumi up"
    )

    def refuse(deleted: pulumi.ResourceHookArgs) -> Never:
        name = (deleted.old_inputs or {}).get("name")
        raise pulumi.RunError(f"{name} must not be deleted or replaced")

    return pulumi.ResourceHook(advice, refuse, pulumi.ResourceHookOptions(on_dry_run=True))


def _compare(kind: str, key: str, wanted: object, name: str, found: object) -> None:
    if (found or None) != (wanted or None):
        # At once: an error that ends the program reaches nobody if a hook fails for it first.
        pulumi.log.error(
            f"{name} ({kind}) would be replaced, and its data lost: its {key} cannot change from "
            f"{found or 'nothing'} to {wanted or 'nothing'}. Set it back"
        )
        raise pulumi.RunError("What holds data is never replaced")
