"""The `pulumi` on PATH, run as a program.

Pulumi's Automation API would run the same one, after a second of imports.
"""

import shutil
import subprocess

from infra.errors import StackError, ToolMissingError
from infra.paths import ROOT
from infra.processes.environment import inherited_environment


def run_pulumi(*arguments: str) -> str:
    """Run the Pulumi CLI in the checkout and return what it printed.

    Raises:
        ToolMissingError: if it is not on PATH.
        StackError: with its own reason, if it fails.
    """
    command = shutil.which("pulumi")
    if command is None:
        raise ToolMissingError(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install)."
        )
    finished = subprocess.run(  # noqa: S603 - our own words, no shell
        [command, *arguments, "--non-interactive", "--color", "never"],
        cwd=ROOT,
        env=inherited_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise StackError(f"pulumi {arguments[0]} failed: {_reason(finished)}")
    return finished.stdout


def _reason(finished: subprocess.CompletedProcess[str]) -> str:
    """What it says is wrong, from wherever it says so."""
    lines = [*finished.stderr.splitlines(), *finished.stdout.splitlines()]
    told = [line.strip().removeprefix("error: ") for line in lines if "error: " in line]
    return told[0] if told else "it does not say why."
