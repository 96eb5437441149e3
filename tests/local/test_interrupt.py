"""`portfolio up` on a terminal: one Ctrl-C ends it at any moment and leaves nothing behind."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Final

import httpx
import pexpect
import pytest
from uv import find_uv_bin

from infra.paths import ROOT
from portfolio.local.emulator import free_port
from portfolio.local.running_stages import RUNNING
from tests.checkout import copy_checkout
from tests.commands import PORTFOLIO, run_command
from tests.local.up_process import START_TIMEOUT, emulators_in, processes_using

DIRECT: Final = (str(Path(sys.executable).with_name("portfolio")),)
VIA_UV: Final = (find_uv_bin(), "run", "--locked", "portfolio")
"""The command of `make up`: uv repeats a Ctrl-C to its child, so the child gets it twice."""

NASTY: Final = {"/%1b%5b2J": r"/\x1b[2J", "/%c2%9b": r"/\u009b", "/%e2%80%ae": r"/\u202e"}
"""Paths of requests, and their form in the output."""


class Up:
    """A running `portfolio up` and its terminal."""

    def __init__(self, terminal: "pexpect.spawn[str]", folder: Path, port: int) -> None:
        self.terminal, self.folder, self.port = terminal, folder, port

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> tuple[int | None, str]:
        """Type Ctrl-C or send a signal; return the exit code and the output since then."""
        if number == signal.SIGINT:
            self.terminal.sendintr()
        else:
            self.terminal.kill(number)
        printed = self.terminal.read()
        self.terminal.close()
        return self.terminal.exitstatus, printed

    def assert_nothing_is_left(self) -> None:
        assert not processes_using(self.folder)
        assert not list(self.folder.glob("portfolio-*"))
        assert not list(RUNNING.glob(f"{self.port}.*"))


@contextmanager
def started(command: Sequence[str], folder: Path, root: Path = ROOT) -> Generator[Up]:
    port = free_port()
    variables = {"PYTHONPATH": f"{root}:{root / 'backend'}", "TMPDIR": str(folder)}
    program, *arguments = [*command, "up", "--port", str(port)]
    terminal: pexpect.spawn[str] = pexpect.spawn(
        program,
        arguments,
        cwd=str(root),
        # Coverage would double the time, and the test has a limit on it.
        env={name: each for name, each in os.environ.items() if not name.startswith("COVERAGE")}
        | variables,
        encoding="utf-8",
        timeout=START_TIMEOUT,
        dimensions=(50, 500),
    )
    try:
        yield Up(terminal, folder, port)
    finally:
        terminal.close(force=True)


def poll(condition: Callable[[], object], seconds: float = START_TIMEOUT) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def imports(up: Up) -> None:
    """Wait until the process handles SIGTERM: its first step."""
    status = Path(f"/proc/{up.terminal.pid}/status")
    bit = 1 << (signal.SIGTERM - 1)
    poll(lambda: int(re.findall(r"SigCgt:\s*(\w+)", status.read_text())[0], 16) & bit)


def emulator_starts(up: Up) -> None:
    poll(lambda: emulators_in(up.folder))


def program_deploys(up: Up) -> None:
    logs = "portfolio-emulator-*/emulator.log"
    poll(lambda: any("CreateUserPool" in log.read_text() for log in up.folder.glob(logs)))


def samples_are_written(up: Up) -> None:
    up.terminal.expect("program: deployed")


@pytest.mark.parametrize(
    ("moment", "command", "number"),
    [
        (imports, DIRECT, signal.SIGINT),
        pytest.param(emulator_starts, DIRECT, signal.SIGTERM, marks=pytest.mark.real),
        (program_deploys, VIA_UV, signal.SIGINT),
        pytest.param(samples_are_written, DIRECT, signal.SIGHUP, marks=pytest.mark.real),
    ],
)
def test_a_start_ends_soon_and_leaves_nothing(
    tmp_path: Path, moment: Callable[[Up], None], command: Sequence[str], number: signal.Signals
) -> None:
    with started(command, tmp_path) as up:
        moment(up)
        begun = time.monotonic()
        code, printed = up.interrupt(number)
        assert time.monotonic() - begun < 5
        assert code == 128 + number, printed
        assert printed.endswith(f"Interrupted by {number.name}.\r\n")
        assert "Traceback" not in printed
        assert "rror" not in printed
        up.assert_nothing_is_left()


def test_a_build_ends_with_its_processes(tmp_path: Path) -> None:
    checkout, folder = copy_checkout(tmp_path / "checkout"), tmp_path / "folder"
    folder.mkdir()
    with started(PORTFOLIO, folder, checkout) as up:
        up.terminal.expect("dependencies: installing")
        begun = time.monotonic()
        code, printed = up.interrupt()
        assert time.monotonic() - begun < 5
        assert code == 130, printed
        assert printed.endswith("Interrupted by SIGINT.\r\n")
        assert "Traceback" not in printed
        assert "rror" not in printed
        up.assert_nothing_is_left()


@pytest.mark.real
def test_a_stage_that_serves_logs_at_once_shows_no_control_character_and_stops_at_once(
    tmp_path: Path,
) -> None:
    with started(VIA_UV, tmp_path) as up:
        up.terminal.expect("Ctrl-C to stop.*\n")
        # In a thread: the test must read the terminal meanwhile, or the stage would block.
        requests = Thread(target=_request, args=(up.port,))
        requests.start()
        up.terminal.expect("/the/last ")
        shown = str(up.terminal.before)
        requests.join()
        answered = time.monotonic()
        logs = ("logs", "--stack", "local", "--port", str(up.port))
        while run_command(*logs).out.count("POST /blogs 401") < 400:
            assert time.monotonic() - answered < 10

        begun = time.monotonic()
        code, printed = up.interrupt()
        assert time.monotonic() - begun < 5
        assert code == 130, printed
        assert printed.endswith("Stopped.\r\n")
        up.assert_nothing_is_left()
    for escaped in NASTY.values():
        assert escaped in shown
    # Only the colours are our own.
    plain = re.sub(r"\x1b\[[\d;]*m|\r\n", "", shown)
    assert plain.isprintable(), ascii(plain)


def _request(port: int) -> None:
    with httpx.Client(base_url=f"http://localhost:{port}", trust_env=False, timeout=35) as client:
        for path in NASTY:
            client.get(path)
        for _ in range(400):
            client.post("/blogs")
        client.get("/the/last")
