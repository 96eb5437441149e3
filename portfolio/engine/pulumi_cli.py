"""The `pulumi` program on PATH, and the reasons of its failures.

The Automation API runs the same program, but takes a second to import.
"""

import shutil
import subprocess
from typing import Final

from infra.errors import StackError, ToolMissingError
from infra.paths import ROOT
from infra.processes.environment import inherited_environment

_NO_BACKEND: Final = "PULUMI_ACCESS_TOKEN must be set"
"""Pulumi's error if no backend is set: it then tries its own service, Pulumi Cloud."""


def find_pulumi() -> str:
    """Return the path of the Pulumi CLI.

    Raises:
        ToolMissingError: if it is not on PATH.
    """
    command = shutil.which("pulumi")
    if command is None:
        raise ToolMissingError(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/install)."
        )
    return command


def run_pulumi(*arguments: str, typed: str = "") -> str:
    """Run the Pulumi CLI in the checkout and return its standard output.

    Args:
        arguments: the command and its options, visible to other users of the machine.
        typed: the standard input, visible to nobody.

    Raises:
        ToolMissingError: if it is not on PATH.
        StackError: if it fails.
    """
    finished = subprocess.run(  # noqa: S603 - our own words, no shell
        [find_pulumi(), *arguments, "--non-interactive", "--color", "never"],
        cwd=ROOT,
        env=inherited_environment(),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise explain_failure(
            f"pulumi {arguments[0]} failed", finished.returncode, finished.stdout, finished.stderr
        )
    return finished.stdout


def explain_failure(failed: str, code: int | str, stdout: str, stderr: str) -> StackError:
    """Return an error with Pulumi's own reasons, without its progress and the program's log.

    Args:
        failed: the operation or the stack; it opens the message.
        code: the exit code.
        stdout: the standard output.
        stderr: the standard error.
    """
    if _NO_BACKEND in stdout + stderr:
        return StackError(
            "Pulumi does not know where the state of the stacks is: "
            "set PULUMI_BACKEND_URL (docs/bootstrap.md)."
        )
    lines = [line.strip() for line in (*stdout.splitlines(), *stderr.splitlines())]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    last = next(filter(None, reversed(lines)), "it printed nothing.")
    reason = "\n  ".join(dict.fromkeys(errors)) or f"the engine ended with code {code}: {last}"
    return StackError(f"{failed}: {reason}")
