"""Size of a zip, and seconds to import its code on this machine."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from infra.deployment import placeholder_environment
from infra.errors import PackageError
from infra.package import HANDLER, Target
from infra.package.archive import unpack
from infra.package.host_engine import HOST
from infra.processes.leftovers import temporary_folder

if TYPE_CHECKING:
    from infra.package import Architecture

_RUNS: Final = 3
"""Interpreters started for each of several zips, in turns. The median counts."""

_RUNS_ALONE: Final = 2
"""Interpreters started for a single zip.

The last one counts, because the first one reads the files from disk.
"""

_IMPORT: Final = f"""
import sys, time
sys.path.insert(0, sys.argv[1])
start = time.perf_counter()
import {HANDLER.rpartition(".")[0]}
print(time.perf_counter() - start)
"""


@dataclass(frozen=True)
class Measurement:
    """Size and import time of a zip."""

    size: int
    """Bytes."""

    seconds: float | None
    """Seconds to import the function's module on this machine.

    The median of three runs if zips are compared, else the second of two runs.
    """

    untimed: str = ""
    """The reason for a missing import time."""


def measure_zips(
    zips: Sequence[Path], architecture: "Architecture | None", *, timeout: float = 60
) -> list[Measurement]:
    """Measure zips in turns. A path given twice is measured once.

    Args:
        zips: paths of zips for the same architecture.
        architecture: the function's processor. `None` if unknown: the import is tried then.
        timeout: the limit for one import, in seconds.

    Raises:
        OSError: if the size of a zip cannot be read.
    """
    sizes = [path.stat().st_size for path in zips]
    if architecture and not _runs_here(architecture):
        reason = f"{architecture} code does not run on this machine"
        return [Measurement(size, None, reason) for size in sizes]
    files = [path.resolve() for path in zips]
    try:
        times = _unpack_and_time(list(dict.fromkeys(files)), timeout)
    except OSError as error:
        times = dict.fromkeys(files, f"the zip cannot be unpacked: {error}")
    return [_describe(size, times[path]) for size, path in zip(sizes, files, strict=True)]


def _runs_here(architecture: "Architecture") -> bool:
    target = Target(architecture=architecture)
    return HOST.runnable(target) == target


def _describe(size: int, time: float | str) -> Measurement:
    return Measurement(size, None, time) if isinstance(time, str) else Measurement(size, time)


def _unpack_and_time(zips: Sequence[Path], timeout: float) -> dict[Path, float | str]:
    with temporary_folder("portfolio-import-") as folder:
        tasks = [folder / str(number) for number in range(len(zips))]
        for path, task in zip(zips, tasks, strict=True):
            unpack(path, task)
        return dict(zip(zips, _time_in_turns(tasks, timeout), strict=True))


def _time_in_turns(tasks: Sequence[Path], timeout: float) -> list[float | str]:
    """Return the import time of each unpacked zip, or the reason for a missing time."""
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
    """Return the seconds of one import, in an interpreter with nothing but the unpacked zip."""
    try:
        finished = subprocess.run(  # noqa: S603 - a fixed command line, without a shell
            [sys.executable, "-I", "-S", "-B", "-c", _IMPORT, task],
            cwd="/",
            env=placeholder_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PackageError(f"the import takes more than {timeout:g} s") from None
    if finished.returncode or not finished.stdout:
        # A signal, or `os._exit` in the code, leaves no message.
        printed = finished.stderr.strip().splitlines() or [f"exit code {finished.returncode}"]
        raise PackageError(f"the import fails on this machine: {printed[-1]}")
    return float(finished.stdout.splitlines()[-1])
