"""A zip beside that of another commit: its size, and how long its code takes to import."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from infra.environment import made_up_environment
from infra.errors import PackageError
from infra.package import HANDLER, Target
from infra.package.archive import unpack
from infra.package.host import HOST
from infra.paths import CACHE, ROOT
from infra.stage_files import PREVIEW

if TYPE_CHECKING:
    from infra.package import Package
    from infra.settings import StageSettings

_RUNS: Final = 7
"""Interpreters whose median counts; the two zips take turns."""

_TIMEOUT: Final = 60
"""Seconds that an import may take."""

_IMPORT: Final = f"""
import sys, time
sys.path.insert(0, sys.argv[1])
start = time.perf_counter()
import {HANDLER.rpartition(".")[0]}
print(time.perf_counter() - start)
"""


@dataclass(frozen=True)
class Measure:
    """What a zip costs."""

    size: int
    """In bytes."""

    seconds: float | None
    """That the function's module takes to be imported on this machine; None if it cannot be."""


@dataclass(frozen=True)
class Comparison:
    """A zip beside that of its base, measured in turns on one machine."""

    base_name: str
    base: Measure
    own: Measure


def check_commit(name: str) -> None:
    """Make sure that git knows a commit.

    Raises:
        PackageError: if it does not.
    """
    try:
        _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except PackageError:
        raise PackageError(
            f"--base {name} is no commit here: name one, such as origin/main, and fetch it first."
        ) from None


def compare_with_base(settings: "StageSettings", own: "Package", base: str) -> Comparison:
    """Have another commit build its zip in its own way, and measure both.

    Args:
        settings: of the preview.
        own: the zip of this checkout.
        base: the commit, as git knows it.

    Raises:
        PackageError: if the base's zip cannot be built, or one of the two not be imported.
    """
    with _checked_out(base) as project, TemporaryDirectory() as folder:
        zips = {"base": _build(project), "own": own.path}
        target = Target(architecture=settings.architecture)
        times: dict[str, float | None] = dict.fromkeys(zips)
        if HOST.runnable(target) == target:
            times |= _time_imports(zips, Path(folder))
        base_zip, own_zip = (
            Measure(path.stat().st_size, times[name]) for name, path in zips.items()
        )
    return Comparison(base, base_zip, own_zip)


@contextmanager
def _checked_out(commit: str) -> Generator[Path]:
    with TemporaryDirectory(prefix="portfolio-base-") as folder:
        _git("worktree", "add", "--quiet", "--detach", "--force", folder, commit)
        # Most commits share their dependencies with this one, built already.
        cache = Path(folder) / CACHE.name
        cache.symlink_to(CACHE)
        try:
            yield Path(folder)
        finally:
            cache.unlink()
            _git("worktree", "remove", "--force", folder)


def _build(project: Path) -> Path:
    """Run `portfolio package` of another checkout, with the libraries of this one."""
    finished = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-m", "infra.cli", "package", "--stage", PREVIEW, "--json"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": f"{project}{os.pathsep}{project / 'backend'}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        said = finished.stderr.strip().splitlines() or ["it does not say why"]
        raise PackageError(said[-1].removeprefix("error: "))
    return Path(json.loads(finished.stdout)["path"])


def _time_imports(zips: dict[str, Path], folder: Path) -> dict[str, float]:
    for name, path in zips.items():
        unpack(path, folder / name)
    turns = [{name: _time_import(folder / name) for name in zips} for _ in range(_RUNS)]
    return {name: median(turn[name] for turn in turns) for name in zips}


def _time_import(task: Path) -> float:
    """Seconds, in an interpreter that sees nothing but the unpacked zip."""
    finished = subprocess.run(  # noqa: S603 - our own words, no shell
        [sys.executable, "-I", "-S", "-B", "-c", _IMPORT, task],
        cwd="/",
        env=made_up_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT,
        check=False,
    )
    if finished.returncode:
        raise PackageError(f"it cannot be imported here: {finished.stderr.splitlines()[-1]}")
    return float(finished.stdout)


def _git(*arguments: str) -> None:
    finished = subprocess.run(  # noqa: S603 - no shell, and git checks what names a commit
        ["git", *arguments],  # noqa: S607 - the git of whoever calls
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise PackageError(f"git {arguments[0]}: {finished.stderr.strip()}")
