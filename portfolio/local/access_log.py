"""The gateway's access log, written into its log group.

API Gateway writes these lines on AWS; the emulator does not.
"""

import json
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from operator import attrgetter
from threading import Condition
from typing import TYPE_CHECKING, Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from infra.processes.background import run_abandonable, start

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_logs.type_defs import InputLogEventTypeDef

    from portfolio.local.clients import EmulatorClients
    from portfolio.local.gateway import AccessLogEntry

STREAM: Final = "local-gateway"
"""The log stream of the lines."""

MOST_WAITING: Final = 10_000
"""The limit of the queue; requests beyond it are dropped and counted."""

_ABSENT: Final = "-"
"""API Gateway's text for a variable without a value."""

_GATHERING: Final = 0.1
"""Seconds to collect requests for one call, at least."""

_LONGEST_GATHERING: Final = 1.0
_REST: Final = 10
"""A pause is this many times as long as the work before it: the emulator has time for requests."""

_NOTICING: Final = 1.0
"""Seconds for the stage to notice the end of the emulator and to close the log."""

_CLOSING: Final = 1.0
"""Seconds allowed for the last calls."""

_MOST_EVENTS: Final = 10_000
_MOST_BYTES: Final = 1024 * 1024
_EVENT_OVERHEAD: Final = 26
"""Quotas of PutLogEvents for one call; each event counts these bytes on top of its message."""


class Destination(NamedTuple):
    """The place and the form of the lines."""

    group: str
    """The log group; it has the stream `STREAM`."""

    line_format: dict[str, str]
    """A line's keys, each with a variable of API Gateway's `$context`."""


class AccessLog:
    """A queue of requests, and a thread to write their lines into the log group.

    The queue is bounded: while `MOST_WAITING` requests wait, new ones are dropped.
    """

    def __init__(
        self,
        logs: "CloudWatchLogsClient",
        destination: Destination,
        warn: Callable[[str], None],
        has_ended: Callable[[], bool],
        show: "Callable[[Sequence[AccessLogEntry]], None]",
    ) -> None:
        """Start the thread.

        Args:
            logs: the client to write with.
            destination: the place and the form of the lines.
            warn: is called with a message if requests are missing in the log.
            has_ended: returns True after the emulator has stopped; then nothing is reported.
            show: is called in the thread with the written requests.
        """
        self._logs, (self._group, self._format) = logs, destination
        self._warn, self._has_ended, self._show = warn, has_ended, show
        self._changed = Condition()
        self._waiting: list[AccessLogEntry] = []
        self._writing = 0
        self._left_out = 0
        self._pause = _GATHERING
        self._is_closed = False
        self._has_given_up = False
        self._writer = start(self._write_all)

    def add(self, entry: "AccessLogEntry") -> None:
        """Add a request to the queue, without waiting for the emulator."""
        with self._changed:
            if len(self._waiting) == MOST_WAITING:
                self._left_out += 1
                return
            if not self._waiting:
                self._changed.notify()
            self._waiting.append(entry)

    def close(self) -> None:
        """Write the rest of the queue, for one second at most."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if wait([self._writer], _CLOSING).done:
            self._writer.result()
            return
        with self._changed:
            missing = self._writing + len(self._waiting) + self._left_out
            self._waiting = []
        if missing:
            self._warn_of(missing, "the emulator is too slow")
        self._has_given_up = True

    def _write_all(self) -> None:
        while entries := self._take():
            started = time.monotonic()
            for batch in split_into_batches(self._events(entries)):
                self._put(batch)
            with self._changed:
                self._writing = 0
            if not self._has_given_up:
                self._show(entries)
            worked = time.monotonic() - started
            self._pause = min(max(_GATHERING, _REST * worked), _LONGEST_GATHERING)

    def _take(self) -> "list[AccessLogEntry]":
        """Wait for requests and collect more; return [] once the log is closed and empty."""
        with self._changed:
            self._writing = 0
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            self._changed.wait_for(lambda: self._is_closed, self._pause)
            entries, self._waiting = self._waiting, []
            left_out, self._left_out = self._left_out, 0
            self._writing = len(entries)
        if left_out:
            self._warn_of(left_out, f"more than {MOST_WAITING} were waiting")
        return entries

    def _events(self, entries: "Iterable[AccessLogEntry]") -> "list[InputLogEventTypeDef]":
        return [
            {
                "timestamp": int(1000 * entry.answered.timestamp()),
                "message": format_line(entry, self._format),
            }
            for entry in sorted(entries, key=attrgetter("answered"))
        ]

    def _put(self, batch: "list[InputLogEventTypeDef]") -> None:
        try:
            self._logs.put_log_events(
                logGroupName=self._group, logStreamName=STREAM, logEvents=batch
            )
        except ClientError as error:
            self._warn_of(len(batch), str(error))
        except BotoCoreError as error:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closed, _NOTICING)
            if not self._has_ended():
                self._warn_of(len(batch), str(error))

    def _warn_of(self, missing: int, reason: str) -> None:
        if not self._has_given_up:
            self._warn(f"access log: {missing} requests are missing ({reason})")


def split_into_batches(
    events: "Iterable[InputLogEventTypeDef]",
) -> "Generator[list[InputLogEventTypeDef]]":
    """Split events into lists within the quotas of PutLogEvents, and keep their order."""
    batch: list[InputLogEventTypeDef] = []
    size = 0
    for event in events:
        weight = len(event["message"].encode()) + _EVENT_OVERHEAD
        if len(batch) == _MOST_EVENTS or size + weight > _MOST_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(event)
        size += weight
    if batch:
        yield batch


def format_line(entry: "AccessLogEntry", line_format: dict[str, str]) -> str:
    """Return a request's line, in JSON."""
    values = {
        "$context.requestTime": f"{entry.arrived:%d/%b/%Y:%H:%M:%S +0000}",
        "$context.requestId": entry.request_id,
        "$context.httpMethod": entry.method,
        "$context.path": entry.path,
        "$context.status": str(entry.status),
        "$context.responseLatency": f"{entry.latency:.0f}",
    }
    return json.dumps({name: values.get(each, _ABSENT) for name, each in line_format.items()})


@contextmanager
def open_access_log(
    clients: "EmulatorClients",
    warn: Callable[[str], None],
    has_ended: Callable[[], bool],
    show: "Callable[[Sequence[AccessLogEntry]], None]",
) -> Generator[AccessLog]:
    """Open the access log of the emulator's only API; close it at the end of the block.

    Args:
        clients: the emulator's clients.
        warn: is called with a message if requests are missing in the log.
        has_ended: returns True after the emulator has stopped; then nothing is reported.
        show: is called in another thread with the written requests.

    Raises:
        KeyboardInterrupt: if a signal arrives before the log is open.
    """
    destination = run_abandonable(lambda: _find_destination(clients))
    log = AccessLog(clients.logs, destination, warn, has_ended, show)
    try:
        yield log
    finally:
        log.close()


def _find_destination(clients: "EmulatorClients") -> Destination:
    """Create the log stream; return the log group and the format of the access log."""
    (api,) = clients.api_gateway.get_apis()["Items"]
    stage = clients.api_gateway.get_stage(ApiId=api.get("ApiId", ""), StageName="$default")
    settings = stage.get("AccessLogSettings", {})
    group = settings.get("DestinationArn", "").rpartition(":log-group:")[2]
    clients.logs.create_log_stream(logGroupName=group, logStreamName=STREAM)
    return Destination(group, json.loads(settings.get("Format", "")))
