"""MiniStack, the AWS emulator, in a Python environment and a process of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from infra.background import run_abandonable
from infra.errors import LocalStageError
from infra.paths import CACHE
from infra.uv_command import run_uv

ACCOUNT_ID: Final = "000000000000"
"""The account every resource of the emulator belongs to; no AWS account has it."""

ACCESS_KEY: Final = "test"
"""Both halves of the emulator's administrator credentials."""

_ENVIRONMENT: Final = CACHE / "emulator"
_LAUNCH: Final = """
import ctypes, runpy, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
"""
"""Starts MiniStack so that it ends with us, even if we are killed (prctl's PR_SET_PDEATHSIG)."""

_START_TIMEOUT: Final = 30.0
_STOP_TIMEOUT: Final = 5.0
_ENOUGH_MEMORY: Final = 2 * 1024**3


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    endpoint: str
    """The URL of every AWS API, on loopback."""

    process: subprocess.Popen[bytes]

    log: Path
    """What the emulator itself prints."""

    def has_stopped(self) -> bool:
        """Whether the process has ended, which it never does by itself."""
        return self.process.poll() is not None


def install_emulator() -> Path:
    """Bring the emulator's locked environment up to date and return its Python.

    Raises:
        LocalStageError: if it cannot be installed.
    """
    result = run_uv(
        *("sync", "--frozen", "--only-group", "emulator"),
        environment={"UV_PROJECT_ENVIRONMENT": str(_ENVIRONMENT)},
    )
    if result.returncode:
        raise LocalStageError(f"The emulator cannot be installed: {result.stderr.strip()}")
    return _ENVIRONMENT / "bin" / "python"


@contextmanager
def run_emulator(python: Path | None = None) -> Generator[Emulator]:
    """Start the emulator with IAM enforced, on a free loopback port; stop it on the way out.

    Args:
        python: an interpreter that has the emulator; by default one is brought up to date.

    Raises:
        LocalStageError: if it does not answer in time.
        KeyboardInterrupt: if a signal arrives before it answers.
    """
    python = python or install_emulator()
    with tempfile.TemporaryDirectory(prefix="portfolio-emulator-", dir=_scratch()) as folder:
        emulator = _start(python, Path(folder))
        try:
            run_abandonable(partial(_wait_until_ready, emulator))
            yield emulator
        finally:
            _stop(emulator.process)


def free_port() -> int:
    """A TCP port that nothing listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _scratch() -> Path | None:
    """Memory where there is plenty, unless TMPDIR names another place.

    For each version of a function the emulator unpacks its zip into thousands of files.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > _ENOUGH_MEMORY
    return memory if has_room and "TMPDIR" not in os.environ else None


def _start(python: Path, folder: Path) -> Emulator:
    port, log = free_port(), folder / "emulator.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [python, "-c", _LAUNCH],
            env=_environment(port, folder),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # A group of its own: Ctrl-C reaches us alone, and we end its workers with it.
            start_new_session=True,
        )
    return Emulator(f"http://127.0.0.1:{port}", process, log)


def _environment(port: int, folder: Path) -> dict[str, str]:
    """All the emulator gets to see: its Lambda workers inherit it, as AWS's would not ours."""
    return {
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "HOME": str(folder),
        "IOT_MTLS_ENABLED": "0",
        "LANG": "C.UTF-8",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "PATH": os.defpath,
        "STATE_DIR": str(folder),
        "TMPDIR": str(folder),
    }


def _wait_until_ready(emulator: Emulator) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    while time.monotonic() < deadline and not emulator.has_stopped():
        try:
            httpx.get(f"{emulator.endpoint}/_ministack/health", timeout=1, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise LocalStageError(f"The emulator did not start: {_last_words(emulator.log)}")


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it printed nothing."


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the emulator and the Lambda workers in its process group."""
    for stop_signal in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, stop_signal)
        except ProcessLookupError:
            break
        try:
            process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            continue
