"""Time of each command until its first output, on a terminal."""

import os
import re
import shlex
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import psutil

from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from tests.command_options import list_commands

_AIM: Final = 0.3
"""Seconds on an idle processor."""

_RUNS: Final = 3
_EXAMPLE: Final = re.compile(r"^ *portfolio (.+)$", re.MULTILINE)
_CLOSED: Final = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_SECRET_ACCESS_KEY": "none",
}
"""No command reaches AWS, even if its first output is late."""


def measure_first_output() -> dict[str, str]:
    """Start the first example of each command's help, and end it after its first output."""
    calls = {"--help": ["--help"]}
    calls |= {" ".join(words): _first_example(each) for words, each in list_commands().items()}
    with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
        return {name: _measure(call, Path(folder)) for name, call in calls.items()}


def _first_example(command: Any) -> list[str]:
    examples = command.help.partition("Examples:")[2]
    found = _EXAMPLE.search(examples)
    assert found, command.name
    return shlex.split(found[1])


def _measure(call: list[str], folder: Path) -> str:
    times = [_time(call, folder) for _ in range(_RUNS)]
    cpu, seconds = (min(each) for each in zip(*times, strict=True))
    late = f" (aim {_AIM} s)" if cpu > _AIM else ""
    return f"CPU {cpu:.2f} s{late}, {seconds:.2f} s"


def _time(call: list[str], folder: Path) -> tuple[float, float]:
    """Return the processor time and the time until the first output."""
    ours, theirs = os.openpty()
    started = time.perf_counter()
    process = psutil.Popen(
        [ROOT / "bin" / "portfolio", *call],
        cwd=folder,
        env=inherited_environment() | _CLOSED,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        os.read(ours, 1)
        seconds = time.perf_counter() - started
        family = (process, *process.children(recursive=True))
        return sum(sum(each.cpu_times()[:4]) for each in family), seconds
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(ours)
