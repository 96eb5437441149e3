"""`portfolio logs` of a local stage, in this process or as a process of its own."""

import re
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.commands import PORTFOLIO, Result, run_command
from tests.local.up_process import Run

NO_EVENTS = "· No events found. Use --since for an earlier start: 2h, 1d.\n"

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

    from portfolio.local.running_stages import RunningStage


class LocalLogs:
    """The logs of a local stage from now on: other tests have left thousands of lines."""

    def __init__(self, stage: "RunningStage") -> None:
        self.url = f"http://localhost:{stage.port}"
        self.stage = stage
        since = datetime.now(UTC).isoformat()
        self.arguments = ("logs", "--stack", "local", "--port", str(stage.port), "--since", since)

    def run(self, *options: str, **variables: str) -> Result:
        return run_command(*self.arguments, *options, env=variables)

    def ask(self, *options: str, **variables: str) -> str:
        """Return the output of a run without errors."""
        result = self.run(*options, **variables)
        assert (result.code, result.err) in {(0, ""), (0, NO_EVENTS)}
        return result.out

    def wait_for(self, pattern: str, *options: str) -> re.Match[str]:
        """Repeat until the output matches: the access log is a moment late."""
        deadline = time.monotonic() + 20
        while not (found := re.search(pattern, told := self.ask(*options))):
            assert time.monotonic() < deadline, f"no {pattern!r}: {told}"
            time.sleep(0.05)
        return found

    @contextmanager
    def follow(self, *options: str) -> Generator[Run]:
        process = subprocess.Popen(
            [*PORTFOLIO, *self.arguments, "--follow", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        following = Run(process, self.stage.port)
        try:
            yield following
        finally:
            process.kill()
            following.wait_for_end()

    @property
    def client(self) -> "CloudWatchLogsClient":
        from portfolio.local.clients import connect  # noqa: PLC0415 - seconds of imports

        return connect(self.stage.emulator, self.stage.region).logs

    @property
    def function(self) -> str:
        """The name of the function's log group."""
        return self.stage.outputs["log_group"]
