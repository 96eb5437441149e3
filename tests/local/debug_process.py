"""A process with the debugger's port, like a worker of the function."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from infra.processes.environment import inherited_environment
from portfolio.local import worker
from portfolio.local.emulator import free_port

WORKER: Final = Path(worker.__file__).parent
PROGRAM: Final = """
import sys, time
import debug_port
debug_port.listen_for_debugger(int(sys.argv[1]))
time.sleep(300)
"""
START: Final = 30.0
"""Seconds for the start: importing debugpy takes one on an idle core."""


@contextmanager
def run_debugged_process(output: Path) -> Generator[int]:
    """Run the process until the block ends; yield its port."""
    port = free_port()
    variables = {"PYTHONPATH": str(WORKER), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with output.open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(port)],
            env=inherited_environment() | variables,
            stdout=printed,
            stderr=printed,
        )
    try:
        deadline = time.monotonic() + START
        while not listens(port):
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    """Return True if a process listens on a port; the table shows it without a connection."""
    if not Path("/proc/net/tcp").exists():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
    lines = Path("/proc/net/tcp").read_text().splitlines()
    return any(f":{port:04X} 00000000:0000 0A" in line for line in lines)


def message_that_writes(file: Path) -> bytes:
    """Return a debugger's request to run code."""
    code = f"open({str(file)!r}, 'w').close()"
    arguments = {"expression": code, "context": "repl"}
    request = {"seq": 1, "type": "request", "command": "evaluate", "arguments": arguments}
    return json.dumps(request).encode()
