"""The zip of another commit, built by the commit's own code."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.errors import PackageError, ToolMissingError
from infra.paths import CACHE, ROOT
from infra.processes.environment import inherited_environment


@contextmanager
def built_base(commit: str, stage: str, *, project: Path = ROOT) -> Generator[Path]:
    """Build the zip of another commit in a temporary worktree.

    Args:
        commit: a commit in git's words, such as `origin/main`.
        stage: the stage in Pulumi.<stage>.yaml. The commit's own file supplies the settings.
        project: a checkout of the repository.

    Raises:
        ToolMissingError: if git is not on PATH.
        PackageError: if git does not know the commit, or its zip cannot be built.
    """
    _check_commit(commit, project)
    with TemporaryDirectory(prefix="portfolio-base-") as folder:
        _git(project, "worktree", "add", "--quiet", "--detach", "--force", folder, commit)
        # Shared, because most commits have the same dependencies, already built.
        cache = Path(folder) / CACHE.name
        cache.symlink_to(CACHE)
        try:
            yield _build(Path(folder), commit, stage)
        finally:
            cache.unlink()
            _git(project, "worktree", "remove", "--force", folder)


def _check_commit(commit: str, project: Path) -> None:
    name = f"{commit}^{{commit}}"
    try:
        _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    except PackageError:
        raise PackageError(
            f"{commit} is not a commit in this checkout. Fetch it, or name another one, "
            "such as origin/main."
        ) from None


def _build(checkout: Path, commit: str, stage: str) -> Path:
    """Run `portfolio package` of another checkout with the libraries of this one."""
    finished = subprocess.run(  # noqa: S603 - a fixed command line, without a shell
        [
            *(sys.executable, "-m", _find_commands(checkout, commit)),
            *("package", "--stage", stage, "--json"),
        ],
        cwd=checkout,
        env=inherited_environment()
        | {"PYTHONPATH": f"{checkout}{os.pathsep}{checkout / 'backend'}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        printed = finished.stderr.strip().splitlines()
        reason = printed[-1] if printed else f"exit code {finished.returncode}, without a message"
        raise PackageError(reason.removeprefix("error: "))
    try:
        return Path(json.loads(finished.stdout)["path"])
    except (ValueError, KeyError, TypeError):
        raise PackageError("its `portfolio package --json` does not print a path") from None


def _find_commands(checkout: Path, commit: str) -> str:
    """Return the module of a checkout's commands.

    Python would run this checkout's module instead of a missing one.
    """
    if (checkout / "portfolio" / "__main__.py").is_file():
        return "portfolio"
    # The commands of commits before the package `portfolio`.
    if (checkout / "infra" / "cli.py").is_file():
        return "infra.cli"
    raise PackageError(
        f"{commit} has neither portfolio/ nor infra/cli.py, so it has no command to build its zip"
    )


def _git(project: Path, *arguments: str) -> None:
    try:
        finished = subprocess.run(  # noqa: S603 - no shell, and git checks the commit's name
            ["git", *arguments],  # noqa: S607 - the caller's own git
            cwd=project,
            env=inherited_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise ToolMissingError(
            "git is not on PATH. Install it, or compare two zips: portfolio inspect BEFORE AFTER."
        ) from None
    if finished.returncode:
        raise PackageError(f"git {arguments[0]}: {finished.stderr.strip()}")
