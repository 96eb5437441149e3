"""What the function of a local stage may do, changed for a while."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage


@contextmanager
def changed_role_policy(stage: "LocalStage", old: str, new: str) -> Generator[None]:
    """Change a text in the policy of the function's role, until the block ends."""
    iam, functions = stage.code.clients.iam, stage.code.clients.functions
    function = functions.get_function_configuration(FunctionName=stage.code.function)
    role = function.get("Role", "").rpartition("/")[2]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document: Any = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    original = json.dumps(document)
    assert old in original
    changed = original.replace(old, new)
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=changed)
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=original)
