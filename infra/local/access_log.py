"""The gateway's access log, which the emulator does not write: its lines, in its log group."""

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from infra.local.clients import EmulatorClients
    from infra.local.gateway import AccessLogEntry

_STREAM: Final = "local-gateway"
_ABSENT: Final = "-"
"""What API Gateway writes for a variable that has no value."""

_GATHERING: Final = 0.1
"""Seconds in which requests are put together, so that writing costs the answers nothing."""


class AccessLog:
    """Takes requests at once, and puts their lines into the log group soon after."""

    def __init__(self, clients: "EmulatorClients") -> None:
        """Write where, and as, the one API of the emulator says."""
        (api,) = clients.api_gateway.get_apis()["Items"]
        stage = clients.api_gateway.get_stage(ApiId=api.get("ApiId", ""), StageName="$default")
        settings = stage.get("AccessLogSettings", {})
        self._group = settings.get("DestinationArn", "").rpartition(":log-group:")[2]
        self._format: dict[str, str] = json.loads(settings.get("Format", ""))
        self._logs = clients.logs
        self._logs.create_log_stream(logGroupName=self._group, logStreamName=_STREAM)
        self._waiting: SimpleQueue[AccessLogEntry | None] = SimpleQueue()

    def add(self, entry: "AccessLogEntry") -> None:
        """Have a request written."""
        self._waiting.put(entry)

    def close(self) -> None:
        """Let `write_all` end, once all is written."""
        self._waiting.put(None)

    def write_all(self) -> None:
        """Write what is added until the log is closed, or the emulator has ended."""
        while entry := self._waiting.get():
            time.sleep(_GATHERING)
            try:
                self._put([entry])
            except (BotoCoreError, ClientError):
                return

    def _take_waiting(self) -> list["AccessLogEntry"]:
        entries: list[AccessLogEntry] = []
        while True:
            try:
                entry = self._waiting.get_nowait()
            except Empty:
                return entries
            if entry is None:
                self.close()
                return entries
            entries.append(entry)

    def _put(self, entries: list["AccessLogEntry"]) -> None:
        events: list[Any] = [
            {"timestamp": int(1000 * entry.answered.timestamp()), "message": self._line(entry)}
            for entry in sorted(entries, key=lambda entry: entry.answered)
        ]
        self._logs.put_log_events(logGroupName=self._group, logStreamName=_STREAM, logEvents=events)

    def _line(self, entry: "AccessLogEntry") -> str:
        values = {
            "$context.requestTime": f"{entry.arrived:%d/%b/%Y:%H:%M:%S +0000}",
            "$context.requestId": entry.request_id,
            "$context.httpMethod": entry.method,
            "$context.path": entry.path,
            "$context.status": str(entry.status),
            "$context.responseLatency": f"{entry.latency:.0f}",
        }
        return json.dumps(
            {name: values.get(variable, _ABSENT) for name, variable in self._format.items()}
        )


@contextmanager
def open_access_log(clients: "EmulatorClients") -> Generator[AccessLog]:
    """Write an access log until the block ends, and then what is left of it."""
    log = AccessLog(clients)
    writer = Thread(target=log.write_all, name="access log")
    writer.start()
    try:
        yield log
    finally:
        log.close()
        writer.join()
