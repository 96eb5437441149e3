"""What a deployed stack tells of itself, asked of the Pulumi CLI."""

import json
from typing import Any

from infra.errors import StackError
from portfolio.engine.command import run_pulumi


def read_stack_outputs(stack: str) -> dict[str, Any]:
    """The outputs of a stack, secret ones hidden.

    Raises:
        ToolMissingError: if the Pulumi CLI is not on PATH.
        StackError: if there is no such stack, or it cannot be read.
    """
    try:
        outputs: dict[str, Any] = json.loads(
            run_pulumi("stack", "output", "--json", "--stack", stack)
        )
    except StackError as error:
        if "no stack named" not in str(error):
            raise
        raise StackError(f"There is no stack {stack}: {_known_stacks()}.") from None
    return outputs


def _known_stacks() -> str:
    names = [each["name"] for each in json.loads(run_pulumi("stack", "ls", "--json"))]
    return f"there are {', '.join(names)}" if names else "there is none yet (pulumi stack init)"
