"""`portfolio up --debug`: a client of the Debug Adapter Protocol stops in the checkout's files."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from infra.paths import BACKEND
from portfolio.local.emulator import free_port
from tests.commands import run_command
from tests.local.debug_client import DebugClient
from tests.local.up_process import portfolio_up

FILE = BACKEND / "src/api/visitors.py"
PAUSE = 31.0
"""Seconds at a breakpoint: more than the function's time limit without a debugger."""


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
        assert run.stop() == 130


def test_a_port_for_the_debugger_needs_debug() -> None:
    result = run_command("up", "8123")
    assert result.code == 2
    assert "a debugger's port needs --debug; for the API use --port 8123" in result.err
