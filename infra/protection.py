"""What keeps what holds data from being deleted or replaced, before anything is done."""

from typing import Never

import pulumi


def keep_data(what: str) -> pulumi.ResourceHookBinding:
    """Hooks by which preview, up and destroy fail rather than delete a resource, with the reason.

    `protect` alone would not do. With `--skip-preview`, and so in CI, `pulumi destroy` deletes
    everything else before it says what it may not: it looks for hooks first, and shows their
    names where it is not asked to run the program. And of a replacement, `protect` only says how
    to let it happen.

    Args:
        what: the resource's name at AWS.
    """
    reason = (
        f"{what} is protected, as it holds data: it must not be deleted or replaced "
        "(pulumi preview --diff shows what would). To destroy it, set protect to false, "
        "remove the setting that adopts it if there is one, and run pulumi up first"
    )

    def refuse(_: pulumi.ResourceHookArgs) -> Never:
        raise pulumi.RunError(reason)

    hook = pulumi.ResourceHook(reason, refuse, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_delete=[hook])
