"""What zips cost: their size, and how long their code takes to import on this machine."""

import subprocess
import sys
from collections.abc import Sequence
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

if TYPE_CHECKING:
    from infra.package import Architecture

_RUNS: Final = 7
"""Interpreters whose median counts; the zips take turns."""

_RUNS_ALONE: Final = 3
"""As many for a zip that nothing is compared with."""

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
    """That the function's module takes to be imported on this machine."""

    untimed: str = ""
    """Why that is not known."""


def measure(zips: Sequence[Path], architecture: "Architecture") -> list[Measure]:
    """Measure zips of one architecture, in turns.

    Raises:
        OSError: if one of them cannot be read, or there is no room to unpack it.
    """
    target = Target(architecture=architecture)
    if HOST.runnable(target) != target:
        reason = f"{architecture} does not run on this machine"
        return [Measure(path.stat().st_size, None, reason) for path in zips]
    with TemporaryDirectory(prefix="portfolio-import-") as folder:
        tasks = [Path(folder) / str(number) for number, _ in enumerate(zips)]
        for path, task in zip(zips, tasks, strict=True):
            unpack(path, task)
        times = _time_in_turns(tasks)
    return [
        Measure(path.stat().st_size, None, time)
        if isinstance(time, str)
        else Measure(path.stat().st_size, time)
        for path, time in zip(zips, times, strict=True)
    ]


def _time_in_turns(tasks: Sequence[Path]) -> list[float | str]:
    """The median of each one's times, or why it has none."""
    times: list[list[float]] = [[] for _ in tasks]
    failures: dict[int, str] = {}
    for _ in range(_RUNS if len(tasks) > 1 else _RUNS_ALONE):
        for number, task in enumerate(tasks):
            if number in failures:
                continue
            try:
                times[number].append(_time_import(task))
            except PackageError as error:
                failures[number] = str(error)
    return [failures.get(number) or median(each) for number, each in enumerate(times)]


def _time_import(task: Path) -> float:
    """Seconds, in an interpreter that sees nothing but the unpacked zip."""
    try:
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
    except subprocess.TimeoutExpired:
        raise PackageError(f"it takes more than {_TIMEOUT} s") from None
    if finished.returncode or not finished.stdout:
        # A signal ends it without a word, and so may the code itself.
        said = finished.stderr.strip().splitlines() or [f"exit code {finished.returncode}"]
        raise PackageError(f"it cannot be imported here: {said[-1]}")
    return float(finished.stdout.splitlines()[-1])
