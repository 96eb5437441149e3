"""A zip beside that of another commit: its size, and how long its code takes to start."""

import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from infra.environment import made_up_environment
from infra.errors import PackageError
from infra.package.archive import unpack
from infra.package.engine import Question
from infra.package.host import HOST
from infra.paths import CACHE, ROOT
from infra.stage_package import build_stage_package

if TYPE_CHECKING:
    from infra.package import Package
    from infra.settings import StageSettings

_RUNS: Final = 7
"""Interpreters whose median counts."""


@dataclass(frozen=True)
class Measure:
    """What a zip costs."""

    size: int
    """In bytes."""

    seconds: float
    """From the start of an interpreter until the handler has answered, on this machine."""


@dataclass(frozen=True)
class Comparison:
    """A zip beside that of its base, measured in turns on one machine."""

    base_name: str
    base: Measure
    own: Measure


def compare_with_base(settings: "StageSettings", own: "Package", base: str) -> Comparison:
    """Build the zip of another commit with the same settings, and measure both.

    Args:
        settings: how to build.
        own: the zip of this checkout.
        base: the commit, as git knows it.

    Raises:
        PackageError: if there is no such commit, or its zip cannot be built or does not answer.
    """
    with _checked_out(base) as project, TemporaryDirectory() as folder:
        other = build_stage_package(settings, lambda _: None, project=project)
        zips = {"base": other, "own": own}
        for name, package in zips.items():
            unpack(package.path, Path(folder) / name)
        turns = [{name: _time_answer(Path(folder) / name) for name in zips} for _ in range(_RUNS)]
    measured = {
        name: Measure(package.size, median(turn[name] for turn in turns))
        for name, package in zips.items()
    }
    return Comparison(base, measured["base"], measured["own"])


@contextmanager
def _checked_out(commit: str) -> Generator[Path]:
    with TemporaryDirectory(prefix="portfolio-base-") as folder:
        _git("worktree", "add", "--quiet", "--detach", "--force", folder, commit)
        # What both zips have in common is built once.
        (Path(folder) / CACHE.name).symlink_to(CACHE)
        try:
            yield Path(folder)
        finally:
            _git("worktree", "remove", "--force", folder)


def _git(*arguments: str) -> None:
    result = subprocess.run(  # noqa: S603 - no shell, and git checks what names a commit
        ["git", *arguments],  # noqa: S607 - the git of whoever calls
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        said = result.stderr.strip().removeprefix("fatal: ")
        raise PackageError(f"There is no base to compare with: {said} (--base COMMIT).")


def _time_answer(task: Path) -> float:
    question = Question(task=task, dependencies=task, environment=made_up_environment())
    start = time.perf_counter()
    result = HOST.ask(question)
    seconds = time.perf_counter() - start
    if result.returncode:
        raise PackageError(f"The zip does not answer here: {result.stderr.strip()}")
    return seconds
