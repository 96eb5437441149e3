"""One cold start: a fresh interpreter imports the handler, then answers a first request."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

SHARE: Final = 0.29
"""Processors of an invocation at 512 MB; 1,769 MB are one.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
"""

PYTHON: Final = (sys.executable, "-I", "-S", "-B", "-c")
"""Without our packages, and as on Lambda without a place for bytecode."""


_START: Final = """
import json, os, socket, sys, time, types
sys.path.insert(0, sys.argv[1])
# Each of AWS's hosts is the server on loopback.
server = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(sys.argv[2])))
socket.getaddrinfo = lambda *_, **__: [server]
# Keep the log out of the figures.
figures, sys.stdout = sys.stdout, sys.stderr
def tell(*values):
    print(json.dumps(values), file=figures, flush=True)
from src.main import handler
tell(time.process_time())
event = json.loads(sys.stdin.readline())
began, used = time.perf_counter(), time.process_time()
status = handler(event, types.SimpleNamespace(aws_request_id="bench"))["statusCode"]
tell(time.perf_counter() - began, time.process_time() - used, status)
os._exit(0)  # tidying up is no part of it
"""


class ColdStart(NamedTuple):
    """Seconds of one cold start."""

    init: float
    init_cpu: float
    call: float
    """The first invocation, under the quota; without one, its CPU time by the share."""

    call_cpu: float

    @property
    def measured(self) -> float:
        """Seconds by the clock: true if nothing else uses the machine."""
        return self.init + self.call

    @property
    def calculated(self) -> float:
        """Seconds by the CPU time: the same without the waits, and less noisy."""
        return self.init_cpu + self.call_cpu / SHARE


@dataclass(frozen=True)
class Function:
    """An unpacked zip with a table of its own."""

    task: Path
    environment: Mapping[str, str]
    port: int


def start_cold(
    function: Function, event: dict[str, Any], add_to_quota: Callable[[int], None] | None
) -> ColdStart:
    """Start a function and send it one event, under the quota if there is one."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*PYTHON, _START, function.task, str(function.port)],
        env=function.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        (init_cpu,) = _read(process.stdout)
        init = time.perf_counter() - began
        if add_to_quota:
            add_to_quota(process.pid)
        print(json.dumps(event), file=process.stdin, flush=True)
        call, call_cpu, status = _read(process.stdout)
    assert status == 200, f"{event['rawPath']} answered {status:g}"
    return ColdStart(init, init_cpu, call if add_to_quota else call_cpu / SHARE, call_cpu)


def _read(figures: IO[str]) -> list[float]:
    line = figures.readline()
    assert line, "the function ended before its answer"
    return json.loads(line)
