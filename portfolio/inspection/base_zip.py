"""The commit that a preview's zip is compared with, and the zip that it builds."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from infra.errors import PackageError, ToolMissingError
from infra.paths import CACHE, ROOT
from infra.processes.environment import inherited_environment
from infra.settings.files import PREVIEW

NOBODY: Final = "none"
"""What `--base` says where no comparison is wanted."""

_MAIN: Final = ("origin/main", "main")
"""By default the first that git knows."""


@dataclass(frozen=True)
class Base:
    """What to compare with."""

    commit: str | None
    """As git knows it; `None` for no comparison."""

    reason: str = ""
    """Why there is none, where one was wanted."""


def choose_base(wanted: str | None, *, project: Path = ROOT) -> Base:
    """Choose the commit that is asked for, else main, where git knows it.

    Args:
        wanted: the value of `--base`.
        project: the checkout whose commits are known.

    Raises:
        ToolMissingError: if a commit is asked for, and git is not on PATH.
        PackageError: if git does not know it.
    """
    if wanted is None:
        return _choose_main(project)
    if wanted == NOBODY:
        return Base(None)
    if not _is_commit(wanted, project):
        raise PackageError(
            f"--base {wanted} is no commit here: name one, such as origin/main, and fetch it first."
        )
    return Base(wanted)


@contextmanager
def built_base(commit: str, *, project: Path = ROOT) -> Generator[Path]:
    """Build the zip of another commit in its own way, in a worktree that goes afterwards.

    Args:
        commit: as git knows it.
        project: the checkout that has the commit.

    Raises:
        PackageError: if it cannot be built.
    """
    with TemporaryDirectory(prefix="portfolio-base-") as folder:
        _git(project, "worktree", "add", "--quiet", "--detach", "--force", folder, commit)
        # Most commits share their dependencies with this one, built already.
        cache = Path(folder) / CACHE.name
        cache.symlink_to(CACHE)
        try:
            yield _build(Path(folder))
        finally:
            cache.unlink()
            _git(project, "worktree", "remove", "--force", folder)


def _choose_main(project: Path) -> Base:
    try:
        known = next((name for name in _MAIN if _is_commit(name, project)), None)
    except ToolMissingError:
        return Base(None, "git is not on PATH")
    return Base(known) if known else Base(None, f"git knows neither {' nor '.join(_MAIN)} here")


def _is_commit(name: str, project: Path) -> bool:
    commit = f"{name}^{{commit}}"
    try:
        _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", commit)
    except PackageError:
        return False
    return True


def _build(project: Path) -> Path:
    """Run `portfolio package` of another checkout, with the libraries of this one."""
    # Commits from before the commands had a package of their own.
    module = "portfolio" if (project / "portfolio").is_dir() else "infra.cli"
    finished = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-m", module, "package", "--stage", PREVIEW, "--json"],
        cwd=project,
        env=inherited_environment() | {"PYTHONPATH": f"{project}{os.pathsep}{project / 'backend'}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        said = finished.stderr.strip().splitlines() or ["it does not say why"]
        raise PackageError(said[-1].removeprefix("error: "))
    try:
        return Path(json.loads(finished.stdout)["path"])
    except (ValueError, KeyError, TypeError):
        raise PackageError("it does not tell where its zip is") from None


def _git(project: Path, *arguments: str) -> None:
    try:
        finished = subprocess.run(  # noqa: S603 - no shell, and git checks what names a commit
            ["git", *arguments],  # noqa: S607 - the git of whoever calls
            cwd=project,
            env=inherited_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise ToolMissingError(
            f"git is not on PATH: install it, or leave the comparison out (--base {NOBODY})."
        ) from None
    if finished.returncode:
        raise PackageError(f"git {arguments[0]}: {finished.stderr.strip()}")
