"""The function in a process that can be killed with SIGKILL; a fork of a started one.

Each request gets a process of its own, which has everything imported already.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from typing import TYPE_CHECKING, Any, Final

from portfolio.local.emulator import ACCESS_KEY
from tests.backend.lambda_client import event_of
from tests.backend.lambda_handler import handler_environment

if TYPE_CHECKING:
    import httpx

    from tests.reliability.site import Site

_SERVE: Final = """
import json, os, sys
from types import SimpleNamespace
# The log must not be among the answers.
answers, sys.stdout = sys.stdout, sys.stderr
from src.main import handler
def tell(answer):
    print(json.dumps(answer), file=answers, flush=True)
for line in sys.stdin:
    if pid := os.fork():
        os.waitpid(pid, 0)
        tell({"ended": pid})
    else:
        tell({"pid": os.getpid()})
        tell(handler(json.loads(line), SimpleNamespace(aws_request_id="lambda-id")))
        os._exit(0)
"""


@dataclass
class Worker:
    """A process that forks a worker for each request."""

    process: subprocess.Popen[str]
    _pids: "Queue[int]" = field(default_factory=Queue[int], init=False)
    """The process of the current request, for the thread that kills it."""

    def send(self, request: "httpx.Request") -> dict[str, Any] | None:
        """Let a new process answer; return its answer, or None if it was killed."""
        answer: dict[str, Any] | None = None
        self._pids = Queue()
        self._write(event_of(request))
        self._pids.put(self._read()["pid"])
        while "ended" not in (line := self._read()):
            answer = line
        return answer

    def kill(self) -> None:
        """Kill the process of the current request, as soon as its number is known."""
        os.kill(self._pids.get(timeout=10), signal.SIGKILL)

    def _write(self, event: dict[str, Any]) -> None:
        assert self.process.stdin
        print(json.dumps(event), file=self.process.stdin, flush=True)

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the function ended: see what it wrote to standard error"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def run_worker(site: "Site") -> Generator[Worker]:
    """Start the function of a site as a process, until the block ends."""
    environment = handler_environment(site.settings) | {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-c", _SERVE]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield Worker(process)
        finally:
            process.kill()
