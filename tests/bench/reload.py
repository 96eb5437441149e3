"""Times of starts and reloads, beside those of a bare FastAPI app under `uvicorn --reload`."""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import psutil

from infra.paths import CACHE_VARIABLE
from infra.processes.environment import inherited_environment
from portfolio.local.emulator import free_port
from tests.checkout import clone_checkout

_STARTS: Final = 3
_RELOADS: Final = 2
"""Reloads of each start."""

_TIMEOUT: Final = 300.0
"""Seconds; the first start after a clone installs and builds."""

_PAUSE: Final = 0.01
_REST: Final = 3.0
"""Seconds before a change, as a person takes: the next spare worker gets ready meanwhile."""

_HIDDEN: Final = {"VIRTUAL_ENV", "PYTHONPATH"}
"""Variables of this process that would change the start."""

_BARE: Final = """\
from fastapi import FastAPI

__version__ = "0.0.0"
app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    return {"version": __version__}
"""
_VERSION: Final = re.compile(r'(?<=^__version__)(.*) = ".+"', re.MULTILINE)

_RELOAD_AIM: Final = 0.7
_FIRST_AIM: Final = 5.0
_FURTHER_AIM: Final = 2.5
"""Aims on idle processors, in seconds."""


@dataclass(frozen=True)
class _Taken:
    """The time of some work: by the clock, and of all processors together."""

    seconds: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, CPU {self.cpu:.2f} s"

    def beside(self, bare: "_Taken", aim: float) -> str:
        """Return the time with its aim and its ratio to the bare app."""
        ratios = (
            f"{self.seconds / bare.seconds:.1f} and {self.cpu / bare.cpu:.1f} times the bare app"
        )
        return f"{self} (aim {aim} s); {ratios}"


@dataclass(frozen=True)
class _Subject:
    """A server to start, with a source file for its version."""

    command: Sequence[str]
    folder: Path
    source: Path
    port: int
    ready: str
    """The printed words after a start and after a reload."""

    variables: Mapping[str, str]
    """Further environment variables."""


@dataclass(frozen=True)
class _Server:
    """A running server."""

    subject: _Subject
    process: psutil.Popen
    log: Path

    def wait(self, number: int) -> str:
        """Wait until the server has been ready so many times; return the version it answers.

        Requests before then would take processor time.
        """
        deadline = time.monotonic() + _TIMEOUT
        while len(re.findall(self.subject.ready, self.log.read_text())) < number:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server is not ready: {self.log.read_text()}")
            time.sleep(_PAUSE)
        url = f"http://localhost:{self.subject.port}/health"
        answer = httpx.get(url, timeout=_TIMEOUT, trust_env=False).raise_for_status()
        version: str = answer.json()["version"]
        return version

    def processor_seconds(self) -> float:
        """Return the processor time of the server, its children, and those that have ended."""
        times: list[float] = []
        for process in (self.process, *self.process.children(recursive=True)):
            try:
                times.append(sum(process.cpu_times()[:4]))
            except psutil.NoSuchProcess:
                continue
        return sum(times)


def measure_reload() -> dict[str, str]:
    """Start both and save a changed file in both."""
    with tempfile.TemporaryDirectory(prefix="portfolio-bench-") as folder:
        (_, *starts), reloads = _measure(_bare_app(Path(folder) / "bare"))
        user = {CACHE_VARIABLE: f"{folder}/user"}
        with _running(_make_up(Path(folder) / "first", user)) as (_, alone):
            time.sleep(_REST)  # it shares its results meanwhile
        (first, *further), ours = _measure(_make_up(Path(folder) / "second", user))
    start, reload = _median(starts), _median(reloads)
    return {
        "bare app: start": str(start),
        "bare app: from saving a file to the new answer": str(reload),
        "make up: first start of a user": alone.beside(start, _FIRST_AIM),
        "make up: first start of the next clone": first.beside(start, _FIRST_AIM),
        "make up: further starts": _median(further).beside(start, _FURTHER_AIM),
        "make up: from saving a file to the new answer": _median(ours).beside(reload, _RELOAD_AIM),
    }


def describe_load() -> str:
    """Return the load of this machine, for the title of the table."""
    return f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} processors"


def _make_up(checkout: Path, variables: Mapping[str, str]) -> _Subject:
    """Return a new clone, with uv installed."""
    clone_checkout(checkout)
    port, source = free_port(), checkout / "backend/src/__init__.py"
    command = ["make", "--silent", "up", f"PORT={port}"]
    return _Subject(command, checkout, source, port, "Ctrl-C to stop|new code is live", variables)


def _bare_app(folder: Path) -> _Subject:
    source, port = folder / "bare.py", free_port()
    folder.mkdir()
    source.write_text(_BARE)
    command = [sys.executable, "-m", "uvicorn", "bare:app", "--reload", "--port", str(port)]
    return _Subject(command, folder, source, port, "Application startup complete", {})


def _measure(subject: _Subject) -> tuple[list[_Taken], list[_Taken]]:
    """Return the times of all starts, and of the reloads after them."""
    starts: list[_Taken] = []
    reloads: list[_Taken] = []
    original = subject.source.read_text()
    for _ in range(_STARTS):
        with _running(subject) as (server, started):
            starts.append(started)
            for number in range(_RELOADS):
                time.sleep(_REST)
                reloads.append(_measure_reload(server, f"9.9.{len(reloads)}", number + 2))
        # The next start would build another zip.
        subject.source.write_text(original)
    return starts, reloads


def _measure_reload(server: _Server, version: str, number: int) -> _Taken:
    source, before = server.subject.source, server.processor_seconds()
    changed = _VERSION.sub(rf'\1 = "{version}"', source.read_text())
    saved = time.perf_counter()
    source.write_text(changed)
    answered = server.wait(number)
    if answered != version:
        raise RuntimeError(f"The answer has the version {answered} after the change to {version}.")
    return _Taken(time.perf_counter() - saved, server.processor_seconds() - before)


def _median(times: Sequence[_Taken]) -> _Taken:
    return _Taken(
        statistics.median(each.seconds for each in times),
        statistics.median(each.cpu for each in times),
    )


@contextmanager
def _running(subject: _Subject) -> Generator[tuple[_Server, _Taken]]:
    """Start a server; yield it with the time until it answers."""
    log = subject.folder.with_suffix(".log")
    variables = {
        name: value for name, value in inherited_environment().items() if name not in _HIDDEN
    }
    started = time.perf_counter()
    with log.open("w") as output:
        process = psutil.Popen(
            subject.command,
            cwd=subject.folder,
            env={**variables, "TMPDIR": str(subject.folder.parent), **subject.variables},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = _Server(subject, process, log)
    try:
        server.wait(1)
        yield server, _Taken(time.perf_counter() - started, server.processor_seconds())
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait()
