"""What keeps a protected stage from being destroyed, before any of it is gone."""

from typing import Never

import pulumi


def refuse_destroy(stage: str) -> pulumi.ResourceHookBinding:
    """Hooks for what must not be deleted, by which `pulumi destroy` fails at its start.

    `protect` alone would not do: with `--skip-preview`, and so in CI, the engine deletes
    everything else before it says what it may not. It looks for hooks first, and shows their
    names where it is not asked to run the program.

    Args:
        stage: what the names of its resources begin with.
    """
    reason = f"{stage} is protected: to destroy it, set protect to false and run pulumi up first"

    def refuse(_: pulumi.ResourceHookArgs) -> Never:
        raise pulumi.RunError(reason)

    hook = pulumi.ResourceHook(reason, refuse, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_delete=[hook])
