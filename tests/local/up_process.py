"""`portfolio up` as its own process, and its leftovers."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from infra.paths import ROOT
from portfolio.local.emulator import free_port

START_TIMEOUT = 90


class Run:
    """A running `portfolio up`."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.url = f"http://localhost:{port}"
        self.printed = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, pattern: str, timeout: float = START_TIMEOUT) -> re.Match[str]:
        deadline = time.monotonic() + timeout
        while not (found := re.search(pattern, self.printed)):
            assert self._reader.is_alive(), f"ended without {pattern!r}: {self.printed}"
            assert time.monotonic() < deadline, f"no {pattern!r} in time: {self.printed}"
            time.sleep(0.02)
        return found

    def wait_for_end(self, timeout: float = START_TIMEOUT) -> int:
        code = self.process.wait(timeout)
        self._reader.join()
        return code

    def stop(self, stop_signal: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(stop_signal)
        return self.wait_for_end()

    def kill(self) -> None:
        """Kill it with all processes of its group, its parent process too."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def _read(self) -> None:
        with self.process.stdout or sys.stdin as output:
            for line in output:
                self.printed += line


@contextmanager
def portfolio_up(
    temporary: Path,
    *,
    port: int | None = None,
    root: Path = ROOT,
    origins: Sequence[str] = (),
    options: Sequence[str] = (),
    **variables: str,
) -> Generator[Run]:
    port = port or free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "portfolio", "up", "--port", str(port)),
            *(word for origin in origins for word in ("--origin", origin)),
            *options,
        ],
        cwd=root,
        env=os.environ
        | {"PYTHONPATH": f"{root}:{root / 'backend'}", "TMPDIR": str(temporary)}
        | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )
    run = Run(process, port)
    try:
        yield run
    finally:
        process.kill()
        run.wait_for_end()


@contextmanager
def make_up(checkout: Path, environment: Mapping[str, str]) -> Generator[Run]:
    """Run `make up` in a checkout with its own installations; interrupt it at the end."""
    port = free_port()
    process = subprocess.Popen(
        ["make", "up", f"PORT={port}"],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    run = Run(process, port)
    try:
        yield run
    finally:
        with suppress(ProcessLookupError):  # it has failed
            os.killpg(process.pid, signal.SIGINT)
        run.wait_for_end()


def processes_using(folder: Path) -> dict[int, str]:
    """Return the command lines of all processes with this folder in their environment."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in environment:
            found[int(entry.name)] = command.replace(b"\0", b" ").decode()
    return found


def kill_processes_using(folder: Path) -> int:
    """Kill the processes whose environment names this folder; return their number."""
    processes = processes_using(folder)
    for process in processes:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.kill(process, signal.SIGKILL)
    return len(processes)


def emulators_in(folder: Path) -> list[int]:
    """Return the process ids of the emulators with their files in this folder."""
    return [
        pid for pid, command in processes_using(folder).items() if "emulator_process" in command
    ]
