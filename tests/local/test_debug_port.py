"""Attacks on the debugger's port: by a page in a browser, and by another user of the machine."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.debug_client import DebugClient
from tests.local.debug_process import message_that_writes, run_debugged_process


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The debugger's port of a process like a worker."""
    with run_debugged_process(tmp_path_factory.mktemp("debugged") / "output") as port:
        yield port


def send(port: int, data: bytes) -> bytes:
    """Send bytes, and return the answer until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(data)
        try:
            return connection.recv(1000)
        except ConnectionResetError:
            return b""


def expect_an_editor_to_run_code(port: int, file: Path) -> None:
    client = DebugClient(port)
    client.send("initialize", adapterID="tests")
    client.wait_for("initialize")
    client.send("evaluate", expression=f"open({str(file)!r}, 'w').close()", context="repl")
    client.wait_for("evaluate")
    client.close()
    assert file.exists()


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_request_of_a_page_runs_no_code(port: int, tmp_path: Path, method: str) -> None:
    file, allowed = tmp_path / "attacked", tmp_path / "allowed"
    body = message_that_writes(file)
    lines = (
        f"{method} / HTTP/1.1",
        f"Host: localhost:{port}",
        "Content-Type: text/plain",
        f"Content-Length: {len(body)}",
    )
    request = "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body
    assert send(port, request) == b""
    assert not file.exists()
    expect_an_editor_to_run_code(port, allowed)


def test_a_command_of_the_older_protocol_runs_no_code(port: int, tmp_path: Path) -> None:
    file = tmp_path / "attacked"
    # 126 is pydevd's command to run code in its console.
    assert send(port, f"126\t1\t0\t0\tEVALUATE\topen({str(file)!r}, 'w')\n".encode()) == b""
    assert not file.exists()


def test_a_silent_client_keeps_nobody_out(port: int, tmp_path: Path) -> None:
    with socket.create_connection(("127.0.0.1", port)):
        expect_an_editor_to_run_code(port, tmp_path / "allowed")


if os.geteuid() == 0 and Path("/proc/net/tcp").exists():  # Only root can become another user.

    @pytest.mark.parametrize("end", ["cat <&3", "exec 3>&-"])
    def test_another_user_runs_no_code(port: int, tmp_path: Path, end: str) -> None:
        file, allowed = tmp_path / "attacked", tmp_path / "allowed"
        body = message_that_writes(file)
        request = f"Content-Length: {len(body)}\r\n\r\n{body.decode()}"
        # The second end leaves at once: Linux then lists the connection as root's.
        script = f'exec 3<>/dev/tcp/127.0.0.1/{port}; printf %s "$1" >&3; {end}'
        command = ["bash", "-c", script, "bash", request]
        # The process is busy with another client until the user has left.
        with socket.create_connection(("127.0.0.1", port)):
            answer = subprocess.run(
                command, user=65534, capture_output=True, check=False, timeout=20
            )
        assert answer.stdout == b"", answer
        expect_an_editor_to_run_code(port, allowed)
        assert not file.exists()
