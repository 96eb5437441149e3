"""The zip of another commit, built by the commit's own code."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from infra.errors import GitError, PackageError
from infra.paths import CACHE, ROOT
from infra.processes.environment import inherited_environment
from infra.processes.git import run_git
from infra.processes.leftovers import noted, temporary_folder


@contextmanager
def built_base(commit: str, stage: str, *, project: Path = ROOT) -> Generator[Path]:
    """Build the zip of another commit in a temporary worktree.

    Args:
        commit: a commit in git's words, such as `origin/main`.
        stage: the stage in Pulumi.<stage>.yaml. The commit's own file supplies the settings.
        project: a checkout of the repository.

    Raises:
        ToolMissingError: if git is not on PATH.
        GitError: if git cannot make the worktree.
        PackageError: if git does not know the commit, or its zip cannot be built.
    """
    _check_commit(commit, project)
    with temporary_folder("portfolio-base-") as folder, noted(_find_record(project, folder)):
        run_git(project, "worktree", "add", "--quiet", "--detach", "--force", str(folder), commit)
        # Shared, because most commits have the same dependencies, already built.
        cache = folder / CACHE.name
        cache.symlink_to(CACHE)
        try:
            yield _build(folder, commit, stage)
        finally:
            cache.unlink()
            run_git(project, "worktree", "remove", "--force", str(folder))


def _find_record(project: Path, worktree: Path) -> Path:
    """Return the folder in `.git` that git makes for a worktree.

    git does not delete it if a signal ends `git worktree add`.
    """
    path = run_git(project, "rev-parse", "--git-path", f"worktrees/{worktree.name}")
    return project / path.removesuffix("\n")


def _check_commit(commit: str, project: Path) -> None:
    name = f"{commit}^{{commit}}"
    try:
        run_git(
            project,
            *("rev-parse", "--verify", "--quiet", "--end-of-options", name),
            otherwise="or compare two zips: portfolio inspect BEFORE AFTER",
        )
    except GitError:
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
        encoding="utf-8",
        errors="replace",
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
