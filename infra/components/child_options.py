"""Resources that are there already, made by other means, and become the program's.

The engine reads them as they are, and then changes in place what differs, in one `pulumi up`
(https://www.pulumi.com/docs/iac/guides/migration/import/). Pulumi CLIs from before 2026 refuse
instead, with "inputs to import do not match the existing resource".
"""

from collections.abc import Sequence

import pulumi


def child_options(
    parent: pulumi.Resource,
    adopt: str | None,
    *,
    protect: bool = False,
    fixed: Sequence[str] = (),
    guard: pulumi.ResourceHook | None = None,
) -> pulumi.ResourceOptions:
    """The options of a component's child that may be there already.

    Args:
        parent: the component.
        adopt: the id by which the provider imports it, or None to make one. Once it is adopted,
            this changes nothing any more.
        protect: whether one of the program's own is kept from deletion; an adopted one always is.
        fixed: the inputs that AWS takes when it makes one, and never again. A change of theirs in
            the program changes nothing, whether or not it is or was adopted.
        guard: the hook that refuses to delete it, if that is refused.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        import_=adopt,
        protect=protect or adopt is not None,
        ignore_changes=list(fixed),
        hooks=pulumi.ResourceHookBinding(before_delete=[guard]) if guard else None,
    )
