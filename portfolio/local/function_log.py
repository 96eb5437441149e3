"""The function's log of a local stage, by invocation."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from portfolio.logs.app_lines import parse_app_line
from portfolio.logs.events import GroupReader, LogEvent, LogGroup, LogQuery
from portfolio.logs.parse import parse_event
from portfolio.logs.platform_lines import parse_platform_line

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

    from portfolio.logs.line import Line

_ACCESS_LOGGER: Final = "src.api.access"
"""The logger of one line for each request; the gateway's line says the same."""

_LATENESS: Final = 1000
"""Milliseconds between an event's time and its arrival, at most: the emulator's clock is ours."""


@dataclass(frozen=True)
class Invocation:
    """The log of one invocation."""

    logged: int
    """Milliseconds since 1970, at the end of the invocation."""

    request_id: str | None
    """The gateway's id of the request; None if the app logged nothing."""

    lines: list["Line"]
    """Logged and printed lines; without the lines of Lambda and the app's line for the request."""


class FunctionLog:
    """Reads the function's log on the emulator. Each invocation has a log stream of its own."""

    def __init__(
        self, logs: "CloudWatchLogsClient", group: str, warn: Callable[[str], None]
    ) -> None:
        """Start now.

        Args:
            logs: the client to read with.
            group: the function's log group.
            warn: is called with a message if events may be missing.
        """
        query = LogQuery("", time.time_ns() // 1_000_000, _LATENESS)
        self._reader = GroupReader(logs, LogGroup(group, "function"), query, warn)

    def read_new(self) -> list[Invocation]:
        """Return the invocations since the last call, by time.

        Raises:
            ClientError: if the emulator refuses the call.
            BotoCoreError: if the emulator does not answer.
        """
        streams: dict[str, list[LogEvent]] = {}
        for event in self._reader.read_new():
            streams.setdefault(event.raw["logStreamName"], []).append(event)
        return [_parse(events) for events in streams.values()]


def _parse(events: list[LogEvent]) -> Invocation:
    ids = (parse_event(event).request_id for event in events)
    lines = [line for line in _parse_lines(events) if not _is_of_every_request(line)]
    return Invocation(events[0].timestamp, next(filter(None, ids), None), lines)


def _parse_lines(events: Iterable[LogEvent]) -> "Iterator[Line]":
    """Yield the app's lines; printed lines in a row, such as a traceback, are one."""
    messages = [each.message for each in events if parse_platform_line(each.message) is None]
    for is_printed, run in groupby(messages, lambda each: not parse_app_line(each).label):
        each = list(run)
        yield from map(parse_app_line, ["\n".join(each)] if is_printed else each)


def _is_of_every_request(line: "Line") -> bool:
    return line.logger == _ACCESS_LOGGER and line.weight == "normal"
