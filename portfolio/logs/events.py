"""The events of log groups, each of them read once."""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from infra.errors import LogsError

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_logs.type_defs import FilterLogEventsResponseTypeDef

_LATENESS: Final = 5 * 60 * 1000
"""Milliseconds between an event's time and its arrival, at most; the gateway's take longest."""


@dataclass(frozen=True)
class LogGroup:
    """One of a stage's two logs."""

    name: str
    source: Literal["function", "access"]
    """The writer: the function, or the gateway with its access log."""


@dataclass(frozen=True)
class StageLogs:
    """A stage's two log groups, and a client with access to them."""

    client: "CloudWatchLogsClient"
    groups: tuple[LogGroup, LogGroup]


@dataclass(frozen=True)
class LogEvent:
    """One event: a line or a complete traceback."""

    group: LogGroup
    key: object
    """The event's identity, unique in its log group."""

    timestamp: int
    """Milliseconds since 1970."""

    message: str
    raw: dict[str, Any]
    """The event in the form of CloudWatch Logs."""


class GroupReader:
    """Reads a group's events with a match for a pattern, and on each call the new ones.

    Each call reads the last minutes again, by AWS's clock, and leaves out events it has seen.
    A start at the newest event's time would lose events of the same millisecond and late ones,
    and this machine's clock may differ from AWS's.
    """

    def __init__(
        self,
        client: "CloudWatchLogsClient",
        group: LogGroup,
        pattern: str,
        since: int,
        lateness: int = _LATENESS,
    ) -> None:
        """Start at a time.

        Args:
            client: the client to read with.
            group: the log group.
            pattern: a filter pattern of CloudWatch Logs.
            since: the start, in milliseconds since 1970.
            lateness: milliseconds between an event's time and its arrival, at most.
        """
        self._client, self._group, self._pattern = client, group, pattern
        self._start, self._lateness = since, lateness
        self._seen: dict[object, int] = {}

    def read_new(self) -> Iterator[LogEvent]:
        """Yield the events since the last call, by time."""
        asked_at = 0
        copies: Counter[object] = Counter()
        for page in self._pages():
            asked_at = asked_at or _server_time(page)
            for event in page["events"]:
                raw: dict[str, Any] = {**event}
                key = _identify(raw, copies)
                if key not in self._seen:
                    self._seen[key] = raw["timestamp"]
                    yield LogEvent(self._group, key, raw["timestamp"], raw["message"], raw)
        self._start = max(self._start, asked_at - self._lateness)
        self._seen = {key: time for key, time in self._seen.items() if time >= self._start}

    def _pages(self) -> "Iterator[FilterLogEventsResponseTypeDef]":
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=self._group.name, startTime=self._start, filterPattern=self._pattern
        )
        try:
            yield from pages
        except self._client.exceptions.InvalidParameterException as error:
            message = error.response.get("Error", {}).get("Message", "")
            raise LogsError(f"CloudWatch Logs refuses a parameter: {message}") from None


class Tail:
    """The events in both log groups with a match for a pattern, as they arrive."""

    def __init__(self, logs: StageLogs, pattern: str, since: int) -> None:
        """Start at a time, in milliseconds since 1970."""
        self._readers = [GroupReader(logs.client, group, pattern, since) for group in logs.groups]

    def read_new(self) -> Iterator[LogEvent]:
        """Yield the events since the last call, by time, from one page of each log at a time."""
        new = (reader.read_new() for reader in self._readers)
        return heapq.merge(*new, key=lambda event: event.timestamp)


def _identify(raw: dict[str, Any], copies: Counter[object]) -> object:
    """Return an event's identity; the emulator gives the function's events no id."""
    if "eventId" in raw:
        return raw["eventId"]
    content = (raw["logStreamName"], raw["timestamp"], raw["message"])
    copies[content] += 1
    return (*content, copies[content])


def _server_time(page: "FilterLogEventsResponseTypeDef") -> int:
    date = page["ResponseMetadata"]["HTTPHeaders"]["date"]
    return int(1000 * parsedate_to_datetime(date).timestamp())
