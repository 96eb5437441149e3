"""`portfolio up` as a person runs it: a process, a terminal, and Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.local.running import emulators_in, portfolio_up, processes_using


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_prints_requests_and_leaves_nothing_behind(
    tmp_path: Path, stop_signal: signal.Signals
) -> None:
    with portfolio_up(tmp_path) as run:
        password = run.wait_for(r"Owner: owner@example\.com, password (\S+)\n")[1]
        run.wait_for("Ctrl-C stops")
        credentials = {"email": "owner@example.com", "password": password}
        assert httpx.post(f"{run.url}/auth/login", json=credentials).status_code == 200
        run.wait_for(r"200  POST   /v1/auth/login  \d+ ms")
        assert processes_using(tmp_path)

        assert run.stop(stop_signal) == 0
        assert run.printed.endswith("Stopped.\n")
        assert not processes_using(tmp_path)
        assert not list(tmp_path.glob("portfolio-*"))
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{run.url}/health")


def test_not_even_a_kill_leaves_the_emulator_behind(tmp_path: Path) -> None:
    with portfolio_up(tmp_path) as run:
        run.wait_for("emulator: started")
        assert emulators_in(tmp_path)
        run.stop(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while processes_using(tmp_path):
        assert time.monotonic() < deadline, processes_using(tmp_path)
        time.sleep(0.1)


def test_the_three_lines_to_try_work(tmp_path: Path) -> None:
    with portfolio_up(tmp_path) as run:
        run.wait_for("Ctrl-C stops")
        listing, login, me = re.findall(r"^  (curl .*)$", run.printed, re.MULTILINE)
        assert '"total":2' in _shell(listing)
        token = re.search(r'"token":"([^"]+)"', _shell(login))
        assert token
        assert "owner@example.com" in _shell(me.replace("TOKEN", token[1]))


def test_two_stages_run_side_by_side_with_passwords_of_their_own(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    with (
        portfolio_up(first, OWNER_PASSWORD="First-owner-1") as one,
        portfolio_up(second, OWNER_PASSWORD="Second-owner-2") as two,
    ):
        one.wait_for("Ctrl-C stops")
        two.wait_for("Ctrl-C stops")
        credentials = {"email": "owner@example.com", "password": "First-owner-1"}
        assert httpx.post(f"{one.url}/auth/login", json=credentials).status_code == 200
        assert httpx.post(f"{two.url}/auth/login", json=credentials).status_code == 401


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with portfolio_up(tmp_path, port=port) as run:
            assert run.wait_for_end() == 1
    assert run.printed.splitlines() == [
        f"error: Port {port} is in use: choose another, for example make up PORT={port + 1}."
    ]


def test_an_owners_password_that_the_pool_refuses_is_one_clear_line(tmp_path: Path) -> None:
    with portfolio_up(tmp_path, OWNER_PASSWORD="short") as run:
        assert run.wait_for_end() == 1
    (error,) = [line for line in run.printed.splitlines() if line.startswith("error:")]
    assert "OWNER_PASSWORD is refused" in error
    assert not processes_using(tmp_path)


def test_it_ends_with_a_clear_line_when_the_emulator_does(tmp_path: Path) -> None:
    with portfolio_up(tmp_path) as run:
        run.wait_for("Ctrl-C stops")
        (emulator,) = emulators_in(tmp_path)
        os.kill(emulator, signal.SIGKILL)
        assert run.wait_for_end(timeout=20) == 1
    assert "error: The emulator has ended" in run.printed


def _shell(command: str) -> str:
    return subprocess.run(
        ["sh", "-c", f"{command} --silent --noproxy '*'"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
