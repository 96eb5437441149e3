"""`portfolio up --debug`: a client of the Debug Adapter Protocol stops in the checkout's files."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.paths import BACKEND
from portfolio.local.emulator import free_port
from tests.commands import run_command
from tests.local.up_process import portfolio_up

FILE = BACKEND / "src/api/visitors.py"
PAUSE = 31.0
"""Seconds at a breakpoint: more than the function's time limit without a debugger."""


class DebugClient:
    """The requests of an editor."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=90)
        self._answers = self._socket.makefile("rb")
        self._sent = 0

    def send(self, command: str, **arguments: Any) -> None:
        self._sent += 1
        message = {
            "seq": self._sent,
            "type": "request",
            "command": command,
            "arguments": arguments,
        }
        body = json.dumps(message).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def wait_for(self, name: str) -> dict[str, Any]:
        """Return the body of the next event of this name, or of the answer to this command."""
        while True:
            message = self._read()
            if name in {message.get("event"), message.get("command")}:
                return message.get("body") or {}

    def _read(self) -> dict[str, Any]:
        size = 0
        while header := self._answers.readline().strip():
            size = int(header.removeprefix(b"Content-Length: "))
        return json.loads(self._answers.read(size))

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


@pytest.mark.real
def test_a_breakpoint_in_the_checkout_stops_longer_than_the_time_limits(tmp_path: Path) -> None:
    port = free_port()
    lines = FILE.read_text().splitlines()
    line = next(number for number, each in enumerate(lines, 1) if "def get_visitor_count" in each)
    with (
        portfolio_up(tmp_path, options=["--debug", str(port)]) as run,
        ThreadPoolExecutor() as threads,
    ):
        run.wait_for(f"Attach a debugger to port {port}")
        client = DebugClient(port)
        client.send("initialize", adapterID="tests")
        client.wait_for("initialize")
        client.send("attach")
        client.wait_for("initialized")
        places = [{"line": number} for number in range(line + 1, line + 8)]
        client.send("setBreakpoints", source={"path": str(FILE)}, breakpoints=places)
        client.send("configurationDone")
        answer = threads.submit(httpx.get, f"{run.url}/visitors/count", timeout=90)
        thread = client.wait_for("stopped")["threadId"]
        client.send("stackTrace", threadId=thread)
        frame = client.wait_for("stackTrace")["stackFrames"][0]
        assert frame["source"]["path"] == str(FILE)
        assert frame["name"].endswith("get_visitor_count")

        time.sleep(PAUSE)
        client.send("setBreakpoints", source={"path": str(FILE)}, breakpoints=[])
        client.send("continue", threadId=thread)
        assert answer.result().status_code == 200
        client.close()
        assert run.stop() == 0


def test_a_port_for_the_debugger_needs_debug() -> None:
    result = run_command("up", "8123")
    assert result.code == 2
    assert "a debugger's port needs --debug; for the API use --port 8123" in result.err
