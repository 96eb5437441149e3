"""`portfolio logs` of a running local stage, as processes of their own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx

from infra.local.clients import connect
from infra.local.running import find_running
from tests.local.running import Run

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

COMMAND: Final = [sys.executable, "-m", "infra.cli", "logs"]


def portfolio_logs(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *options],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class LocalLogs:
    """The logs of a running stage."""

    def __init__(self, up: Run) -> None:
        self.url = up.url
        self.port = httpx.URL(up.url).port or 0
        self.stage = find_running(self.port)
        self.options = ["--stack", "local", "--port", str(self.port)]

    def ask(self, *options: str, **variables: str) -> str:
        """What is told without complaint."""
        result = portfolio_logs(*self.options, *options, **variables)
        assert (result.returncode, result.stderr) == (0, "")
        return result.stdout

    def wait_for(self, pattern: str, *options: str) -> re.Match[str]:
        """Ask until it is told: the access log is a moment behind."""
        deadline = time.monotonic() + 20
        while not (found := re.search(pattern, told := self.ask(*options))):
            assert time.monotonic() < deadline, f"no {pattern!r}: {told}"
        return found

    @contextmanager
    def follow(self, *options: str) -> Generator[Run]:
        process = subprocess.Popen(
            [*COMMAND, *self.options, "--follow", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        following = Run(process, self.port)
        try:
            yield following
        finally:
            process.kill()
            following.wait_for_end()

    @property
    def client(self) -> "CloudWatchLogsClient":
        return connect(self.stage.emulator, self.stage.region).logs

    @property
    def function(self) -> str:
        """The name of the function's log group."""
        return self.stage.outputs["log_group"]
