"""What a stack has already, as its state says."""

import json
from collections.abc import Callable
from typing import Any

from infra.errors import StackError, ToolMissingError
from portfolio.engine.pulumi_cli import run_pulumi

type Owned = dict[str, str]
"""The ids of a stack's resources, by their type and name: `aws:dynamodb/table:Table::table`."""


def read_owned(stack: str, warn: Callable[[str], None]) -> Owned | None:
    """Ask the Pulumi CLI what a stack has; None, and a warning, where it does not tell."""
    try:
        state: Any = json.loads(run_pulumi("stack", "export", "--stack", stack))
    except (StackError, ToolMissingError) as error:
        if "no stack named" in str(error):
            return {}
        warn(f"{error} What carries the stage's tags is taken for the stack's own.")
        return None
    resources: list[dict[str, Any]] = state["deployment"].get("resources", [])
    return {each["urn"].rpartition("$")[2]: each["id"] for each in resources if each.get("id")}
