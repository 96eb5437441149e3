"""DynamoDB Local, AWS's own emulator of DynamoDB, in a process of its own.

It is stricter than MiniStack, and its consumed capacity follows the size of what is read.
Nothing turns its telemetry on: that would be the business of the command it comes with.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from infra.package.cache.entries import Cache, digest
from infra.paths import CACHE
from infra.processes.answers import NoAnswerError, ask
from portfolio.local.emulator import free_port

_HERE: Final = Path(__file__).resolve().parent
_POM: Final = _HERE / "pom.xml"
_SERVER: Final = _HERE / "server.xml"
_CACHE: Final = Cache(CACHE / "dynamodb-local", kept=1)
_TOOLS: Final = ("java", "mvn")

_LAUNCH: Final = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Becomes another program, which ends with us even if we are killed (PR_SET_PDEATHSIG)."""

_START_TIMEOUT: Final = 60.0
_FETCHING: Final = 600.0
"""Seconds for Maven to fetch DynamoDB Local."""


class DynamoDBLocalUnavailableError(Exception):
    """This machine cannot run DynamoDB Local; the message says in a line what is missing."""


@contextmanager
def run_dynamodb_local() -> Generator[str]:
    """Start it in memory, on a free loopback port, and yield its URL; stop it on the way out.

    Raises:
        DynamoDBLocalUnavailableError: if Java, Maven or the network is missing.
        RuntimeError: if it does not answer in time.
    """
    jars = _find_jars()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="portfolio-dynamodb-local-") as folder:
        log = Path(folder) / "dynamodb-local.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", _LAUNCH, *_java_command(jars, port, folder)],
                env={"HOME": folder, "LANG": "C.UTF-8", "PATH": os.defpath},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches us alone.
                start_new_session=True,
            )
        try:
            endpoint = f"http://127.0.0.1:{port}"
            _wait_until_ready(endpoint, process, log)
            yield endpoint
        finally:
            process.kill()
            process.wait()


def _find_jars() -> Path:
    if missing := [tool for tool in _TOOLS if shutil.which(tool) is None]:
        raise DynamoDBLocalUnavailableError(f"DynamoDB Local needs {' and '.join(missing)}")
    key = digest({"pom": _POM.read_bytes()})
    _CACHE.folder.mkdir(parents=True, exist_ok=True)
    # One at a time: two Mavens would write the same files of its repository.
    with (_CACHE.folder.parent / "dynamodb-local.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        entry = _CACHE.find(key) or _CACHE.build(key, _fetch_jars)
    return entry.folder


def _fetch_jars(folder: Path, _scratch: Path) -> None:
    command = ["mvn", "--batch-mode", "--quiet", "--file", str(_POM)]
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    try:
        result = ask([*command, *goal, f"-DoutputDirectory={folder}"], seconds=_FETCHING)
    except (OSError, NoAnswerError) as error:
        raise DynamoDBLocalUnavailableError(f"Maven cannot fetch DynamoDB Local: {error}") from None
    if result.returncode:
        reason = next(iter(result.stdout.strip().splitlines()), "it printed nothing")
        raise DynamoDBLocalUnavailableError(f"Maven cannot fetch DynamoDB Local: {reason}")


def _java_command(jars: Path, port: int, folder: str) -> list[str]:
    properties: Mapping[str, object] = {
        "java.library.path": jars,
        "java.awt.headless": "true",
        # It unpacks a library there, and leaves it behind.
        "java.io.tmpdir": folder,
        "port": port,
    }
    return [
        str(shutil.which("java")),
        *(f"-D{name}={value}" for name, value in properties.items()),
        # A short life: what starts it soonest serves it best.
        *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        *("-classpath", f"{jars}/*", "org.eclipse.jetty.xml.XmlConfiguration", str(_SERVER)),
    ]


def _wait_until_ready(endpoint: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(endpoint, timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    lines = log.read_text(errors="replace").strip().splitlines()
    raise RuntimeError(f"DynamoDB Local did not start: {lines[-1] if lines else 'no output'}")
