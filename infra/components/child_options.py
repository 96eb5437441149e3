"""Options of a component's child, for a new resource or an existing one to adopt.

The engine imports an existing resource, and changes the differences in place, in one `pulumi up`
(https://www.pulumi.com/docs/iac/guides/migration/import/). Pulumi CLIs older than 2026 refuse
differences, with "inputs to import do not match the existing resource".
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
    """Return the options of a component's child.

    Args:
        parent: the component.
        adopt: the provider's import id of an existing resource, or None to create one. It has no
            effect on a resource already adopted.
        protect: True to protect a new resource from deletion; an adopted one always is.
        fixed: the inputs AWS cannot change once the resource exists. The engine ignores changes
            of these inputs, for new and adopted resources.
        guard: the hook that refuses to delete the resource, or None.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        import_=adopt,
        protect=protect or adopt is not None,
        ignore_changes=list(fixed),
        hooks=pulumi.ResourceHookBinding(before_delete=[guard]) if guard else None,
    )
