"""What zips cost: their size, and how long their code takes to import on this machine."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from infra.deployment import made_up_environment
from infra.errors import PackageError
from infra.package import HANDLER, Target
from infra.package.archive import unpack
from infra.package.host_engine import HOST

if TYPE_CHECKING:
    from infra.package import Architecture

_RUNS: Final = 3
"""Interpreters for each zip, whose median counts; the zips take turns."""

_RUNS_ALONE: Final = 2
"""As many for a single zip. The last one counts: the first has read the files from the disk."""

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
    """To import the function's module on this machine: the median of three runs beside another
    zip, else the second run of two."""

    untimed: str = ""
    """Why that is not known."""


def measure(
    zips: Sequence[Path], architecture: "Architecture", *, timeout: float = 60
) -> list[Measure]:
    """Measure zips of one architecture, in turns; a file that is there twice only once.

    Args:
        zips: their paths.
        architecture: the function's processor.
        timeout: seconds that an import may take.

    Raises:
        OSError: if one of them cannot be read, or there is no room to unpack it.
    """
    target = Target(architecture=architecture)
    if HOST.runnable(target) != target:
        reason = f"{architecture} does not run on this machine"
        return [Measure(path.stat().st_size, None, reason) for path in zips]
    files = [path.resolve() for path in zips]
    with TemporaryDirectory(prefix="portfolio-import-") as folder:
        tasks = {
            path: Path(folder) / str(number) for number, path in enumerate(dict.fromkeys(files))
        }
        for path, task in tasks.items():
            unpack(path, task)
        times = _time_in_turns(list(tasks.values()), timeout)
    found = dict(zip(tasks, times, strict=True))
    return [_describe(path, found[path]) for path in files]


def _describe(path: Path, time: float | str) -> Measure:
    size = path.stat().st_size
    return Measure(size, None, time) if isinstance(time, str) else Measure(size, time)


def _time_in_turns(tasks: Sequence[Path], timeout: float) -> list[float | str]:
    """The time of each one's import, or why it has none."""
    times: list[list[float]] = [[] for _ in tasks]
    failures: dict[int, str] = {}
    for _ in range(_RUNS if len(tasks) > 1 else _RUNS_ALONE):
        for number, task in enumerate(tasks):
            if number in failures:
                continue
            try:
                times[number].append(_time_import(task, timeout))
            except PackageError as error:
                failures[number] = str(error)
    counted = median if len(tasks) > 1 else _last
    return [failures.get(number) or counted(each) for number, each in enumerate(times)]


def _last(times: Sequence[float]) -> float:
    return times[-1]


def _time_import(task: Path, timeout: float) -> float:
    """Seconds, in an interpreter that sees nothing but the unpacked zip."""
    try:
        finished = subprocess.run(  # noqa: S603 - our own words, no shell
            [sys.executable, "-I", "-S", "-B", "-c", _IMPORT, task],
            cwd="/",
            env=made_up_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PackageError(f"it takes more than {timeout:g} s") from None
    if finished.returncode or not finished.stdout:
        # A signal ends it without a word, and so may the code itself.
        said = finished.stderr.strip().splitlines() or [f"exit code {finished.returncode}"]
        raise PackageError(f"it cannot be imported here: {said[-1]}")
    return float(finished.stdout.splitlines()[-1])
