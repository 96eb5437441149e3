"""MiniStack, the AWS emulator, in its own Python environment and process.

Each start creates a secret. It is part of the endpoint, and every call needs it.
"""

import os
import secrets
import signal
import socket
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from infra.errors import LocalStageError
from infra.package.cache.storage import dependency_cache
from infra.package.dependencies import UNPACKED
from infra.package.uv import run_uv, summarise
from infra.paths import BACKEND, CACHE, ROOT
from infra.processes.background import run_abandonable
from portfolio.local.emulator_folder import EmulatorFolder, open_emulator_folder
from portfolio.local.worker.sitecustomize import BACKEND as BACKEND_FOLDER
from portfolio.local.worker.sitecustomize import DEBUG_PORT, DEPENDENCIES
from portfolio.shared_bytecode import use_bytecode

ACCOUNT_ID: Final = "000000000000"
"""The account of all resources on the emulator; it does not exist on AWS."""

ACCESS_KEY: Final = "test"
"""The access key and the secret key of the emulator's administrator."""

_ENVIRONMENT: Final = CACHE / "emulator"
_DEBUG_ENVIRONMENT: Final = CACHE / "emulator-debug"
"""The same and debugpy; in one folder, a start without a debugger would uninstall debugpy."""

_PROGRAM: Final = Path(__file__).with_name("emulator_process.py")
_WORKER: Final = Path(__file__).with_name("worker")
"""The folder of `sitecustomize.py`, the start of each worker process."""

_START_TIMEOUT: Final = 30.0
_STOP_TIMEOUT: Final = 2.0


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    endpoint: str = field(repr=False)
    """The URL of every AWS API, on loopback, with the secret as its path."""

    process: subprocess.Popen[bytes]

    log: Path
    """The file with the emulator's own output."""

    @property
    def folder(self) -> Path:
        """The folder of its files; it is deleted when the emulator ends."""
        return self.log.parent

    def has_stopped(self) -> bool:
        """Return True if the process has ended; it never does so by itself."""
        return self.process.poll() is not None


def install_emulator(*, debug: bool = False) -> Path:
    """Install the emulator's locked environment or update it; return its Python.

    Args:
        debug: True to install debugpy too.

    Raises:
        LocalStageError: if it cannot be installed.
    """
    environment = _DEBUG_ENVIRONMENT if debug else _ENVIRONMENT
    result = run_uv(
        *("sync", "--frozen", "--only-group", "emulator"),
        *(("--only-group", "debug") if debug else ()),
        environment={"UV_PROJECT_ENVIRONMENT": str(environment)},
    )
    if result.returncode:
        raise LocalStageError(f"The emulator could not be installed: {summarise(result.stderr)}")
    use_bytecode(environment)
    return environment / "bin" / "python"


@contextmanager
def run_emulator(
    python: Path | None = None,
    kept: Path | None = None,
    debug_port: int | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Generator[Emulator]:
    """Run the emulator with IAM enforced, on a free loopback port, until the block ends.

    Args:
        python: the interpreter of the emulator's environment; by default it is installed first.
        kept: a folder to load tables and user pools from, and to save them in.
        debug_port: the port for a debugger of the function's workers; None without a debugger.
        meanwhile: is called while the emulator starts.

    Raises:
        LocalStageError: if the emulator does not answer in time.
        KeyboardInterrupt: if a signal arrives before it answers.
    """
    python = python or install_emulator(debug=debug_port is not None)
    with open_emulator_folder() as folder:
        variables = _keeping(kept) | _worker_environment(debug_port)
        emulator = _start(python, folder, variables)
        try:
            meanwhile()
            run_abandonable(partial(_wait_until_ready, emulator))
            yield emulator
        finally:
            _stop(emulator.process)


def free_port() -> int:
    """Return a TCP port without a listener."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _start(python: Path, folder: EmulatorFolder, variables: dict[str, str]) -> Emulator:
    log = folder.path / "emulator.log"
    # Listen before the emulator starts: otherwise another program could take the port.
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        endpoint = f"http://127.0.0.1:{port}/{secrets.token_urlsafe(32)}"
        process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            # -I: modules in the program's folder would hide those of the standard library.
            [python, "-I", _PROGRAM, str(descriptor)],
            env=_environment(endpoint, port, folder.path) | variables,
            cwd=folder.path,
            pass_fds=[descriptor, folder.lock],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Its own process group: Ctrl-C does not reach it, and `_stop` ends its workers too.
            start_new_session=True,
        )
    return Emulator(endpoint, process, log)


def _environment(endpoint: str, port: int, folder: Path) -> dict[str, str]:
    """Return the emulator's only variables: its Lambda workers must not inherit the user's."""
    return {
        "AUTH": "true",
        "AWS_ENDPOINT_URL": endpoint,
        "GATEWAY_PORT": str(port),
        "HOME": str(folder),
        "IOT_MTLS_ENABLED": "0",
        "LANG": "C.UTF-8",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "PATH": os.defpath,
        "STATE_DIR": str(folder),
        "TMPDIR": str(folder),
    }


def _keeping(kept: Path | None) -> dict[str, str]:
    return {"KEEP_STATE": "1", "STATE_DIR": str(kept)} if kept else {}


def _worker_environment(debug_port: int | None) -> dict[str, str]:
    """Return variables for the workers; the emulator itself ignores them."""
    variables = {
        BACKEND_FOLDER: str(BACKEND),
        "PORTFOLIO_DEPENDENCIES": DEPENDENCIES,
        "PYTHONBREAKPOINT": "sitecustomize.handle_breakpoint",
        "PYTHONPATH": str(_WORKER),
    }
    if debug_port is None:
        return variables | _last_libraries()
    return variables | {DEBUG_PORT: str(debug_port), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def _last_libraries() -> dict[str, str]:
    """Return the dependencies used last, for the first spare worker: most likely they still fit."""
    used = dependency_cache(ROOT).recent()
    return {"PORTFOLIO_LAST_LIBRARIES": str(used[0] / UNPACKED)} if used else {}


def _wait_until_ready(emulator: Emulator) -> None:
    """Send one request; it waits in the socket's queue until the emulator accepts it."""
    import httpx  # noqa: PLC0415 - slow to import; the emulator starts meanwhile

    url = f"{emulator.endpoint}/_ministack/health"
    try:
        httpx.get(url, timeout=_START_TIMEOUT, trust_env=False).raise_for_status()
    except httpx.HTTPError:
        raise LocalStageError(f"The emulator did not start: {_last_words(emulator.log)}") from None


def _last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
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
