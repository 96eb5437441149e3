"""What a fresh interpreter takes from the start to the handler's first answer."""

import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.deployment import placeholder_environment
from infra.package import HEALTH_EVENT
from infra.package.archive import unpack

_RUNS: Final = 11
_ANSWER: Final = """
import json, os, sys, types
sys.path.insert(0, sys.argv[1])
from src.main import handler
context = types.SimpleNamespace(aws_request_id="bench")
assert handler(json.loads(sys.argv[2]), context)["statusCode"] == 200
os._exit(0)  # tidying up is no part of it
"""
_CALLGRIND: Final = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
_COLLECTED: Final = re.compile(r"Collected : (\d+)")


def measure_first_answers(zips: Mapping[str, Path], folder: Path) -> dict[str, dict[str, float]]:
    """Return seconds, and instructions where there is a valgrind, by the names of the zips.

    The zips are unpacked and read-only, and take turns, so that all meet the same noise.
    """
    with _unpack_read_only(zips, folder) as tasks:
        rounds = [{name: _time(task) for name, task in tasks.items()} for _ in range(_RUNS)]
        return {
            name: {"import to first answer": statistics.median(times[name] for times in rounds)}
            | _count_instructions(task)
            for name, task in tasks.items()
        }


@contextmanager
def _unpack_read_only(zips: Mapping[str, Path], folder: Path) -> Generator[dict[str, Path]]:
    for name, zipped in zips.items():
        unpack(zipped, folder / name)
    with read_only(folder):
        yield {name: folder / name for name in zips}


@contextmanager
def read_only(folder: Path) -> Generator[None]:
    """Let nobody write into a folder, as on Lambda."""
    subprocess.run(["chmod", "-R", "a-w", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def _time(task: Path) -> float:
    started = time.perf_counter()
    _answer(task)
    return time.perf_counter() - started


def _answer(task: Path, *tool: str) -> str:
    """Answer `/health`, and return what was written to standard error."""
    # Without our packages, and as on Lambda without a place for bytecode.
    python = (sys.executable, "-I", "-S", "-B", "-c", _ANSWER, task, json.dumps(HEALTH_EVENT))
    environment = placeholder_environment()
    return subprocess.run(
        [*tool, *python], env=environment, check=True, capture_output=True, text=True
    ).stderr


def _count_instructions(task: Path) -> dict[str, float]:
    """Return what noise does not change, if this machine can count it."""
    if shutil.which(_CALLGRIND[0]) is None:
        return {}
    found = _COLLECTED.search(_answer(task, *_CALLGRIND))
    assert found
    return {"instructions to first answer": int(found[1])}
