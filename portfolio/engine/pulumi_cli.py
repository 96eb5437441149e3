"""The `pulumi` program on PATH, and the reasons of its failures.

The Automation API runs the same program, but takes a second to import.
"""

import re
import shutil
import subprocess
from functools import cache
from typing import Final

from packaging.specifiers import SpecifierSet

from infra.errors import StackError, ToolMissingError
from infra.paths import ROOT
from infra.processes.answers import NoAnswerError, ask
from infra.processes.environment import inherited_environment
from infra.settings.files import parse_file

_NO_BACKEND: Final = "PULUMI_ACCESS_TOKEN must be set"
"""Pulumi's error if no backend is set: it then tries its own service, Pulumi Cloud."""

_PAGE: Final = "https://www.pulumi.com/docs/install"
_REINSTALL: Final = f"install a newer one ({_PAGE})."

_VERSION: Final = re.compile(r"v?(\d+\.\d+\.\d+)\b")


def find_pulumi() -> str:
    """Return the path of the Pulumi CLI.

    Raises:
        ToolMissingError: if it is not on PATH, does not run, or is too old.
    """
    command = shutil.which("pulumi")
    if command is None:
        raise ToolMissingError(f"pulumi is not on PATH: install it ({_PAGE}).")
    _check_pulumi(command)
    return command


@cache
def _check_pulumi(command: str) -> None:
    """Check the version of a Pulumi CLI, once in a process.

    Raises:
        ToolMissingError: if it does not run, or is older than `Pulumi.yaml` requires.
    """
    try:
        answer = ask([command, "version"], environment={"PULUMI_SKIP_UPDATE_CHECK": "true"})
    except (OSError, NoAnswerError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ToolMissingError(f"{command} does not run ({reason}): {_REINSTALL}") from None
    version = _VERSION.match(answer.stdout.strip())
    if answer.returncode or version is None:
        lines = f"{answer.stdout}\n{answer.stderr}".strip().splitlines() or ["it printed nothing"]
        raise ToolMissingError(f"{command} prints no version ({lines[-1]}): {_REINSTALL}")
    required = str(parse_file(ROOT / "Pulumi.yaml")["requiredPulumiVersion"])
    if version[1] not in SpecifierSet(required, prereleases=True):
        raise ToolMissingError(
            f"{command} is version {version[1]}, but Pulumi.yaml requires {required}: {_REINSTALL}"
        )


def run_pulumi(*arguments: str, typed: str = "") -> str:
    """Run the Pulumi CLI in the checkout and return its standard output.

    Args:
        arguments: the command and its options, visible to other users of the machine.
        typed: the standard input, visible to nobody.

    Raises:
        ToolMissingError: if it is not on PATH, does not run, or is too old.
        StackError: if it fails.
    """
    finished = subprocess.run(  # noqa: S603 - our own words, no shell
        [find_pulumi(), *arguments, "--non-interactive", "--color", "never"],
        cwd=ROOT,
        env=inherited_environment(),
        input=typed,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
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
