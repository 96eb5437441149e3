"""What a deployed stack tells of itself, asked of the Pulumi CLI.

Pulumi's Automation API would run the same CLI, after a second of imports.
"""

import json
import shutil
import subprocess
from typing import Any

from infra.errors import StackError, ToolMissingError
from infra.paths import ROOT


def read_stack_outputs(stack: str) -> dict[str, Any]:
    """The outputs of a stack, secret ones hidden.

    Raises:
        ToolMissingError: if the Pulumi CLI is not on PATH.
        StackError: if there is no such stack, or it cannot be read.
    """
    asked = _pulumi("stack", "output", "--json", "--stack", stack)
    if asked.returncode == 0:
        outputs: dict[str, Any] = json.loads(asked.stdout)
        return outputs
    if "no stack named" in asked.stderr:
        raise StackError(f"There is no stack {stack}: {_known_stacks()}.")
    raise StackError(f"The stack {stack} cannot be read: {_reason(asked.stderr)}")


def _known_stacks() -> str:
    listed = _pulumi("stack", "ls", "--json")
    names = [each["name"] for each in json.loads(listed.stdout or "[]")]
    return f"there are {', '.join(names)}" if names else "there is none yet (pulumi stack init)"


def _reason(output: str) -> str:
    lines = [line.removeprefix("error: ") for line in output.strip().splitlines()]
    return lines[-1] if lines else "pulumi does not say why."


def _pulumi(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = shutil.which("pulumi")
    if command is None:
        raise ToolMissingError(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install), "
            "or look at the local stage with --stack local."
        )
    return subprocess.run(  # noqa: S603 - our own words, no shell
        [command, *arguments, "--non-interactive"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
