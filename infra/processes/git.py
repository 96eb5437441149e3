"""Commands of git in a checkout."""

import subprocess
from pathlib import Path

from infra.errors import GitError, ToolMissingError
from infra.processes.environment import inherited_environment


def run_git(folder: Path, *arguments: str, otherwise: str = "then try again") -> str:
    """Run git in a folder, and return its standard output.

    Args:
        folder: a folder of the checkout.
        arguments: the command of git, with its options.
        otherwise: the next step where git is missing, after "Install it, ".

    Raises:
        ToolMissingError: if git does not run.
        GitError: with git's own message, if the command fails.
    """
    try:
        finished = start_git(folder, *arguments)
    except OSError as error:
        raise ToolMissingError(
            f"git does not run ({error.strerror}). Install it, {otherwise}."
        ) from None
    if finished.returncode:
        raise GitError(f"git {arguments[0]} failed: {finished.stderr.strip()}")
    return finished.stdout


def start_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in a folder without input, and return the finished process, failed or not.

    Args:
        folder: a folder of the checkout.
        arguments: the command of git, with its options.

    Raises:
        OSError: if git cannot be started.
    """
    return subprocess.run(  # noqa: S603 - no shell
        ["git", *arguments],  # noqa: S607 - the caller's own git
        cwd=folder,
        env=inherited_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        # A file name may have bytes that are not text.
        errors="surrogateescape",
        check=False,
    )
