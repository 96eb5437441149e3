"""The events of log groups, each of them read once."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from infra.errors import LogsError

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient
    from types_boto3_logs.type_defs import FilteredLogEventTypeDef, FilterLogEventsResponseTypeDef

_LATENESS: Final = 5 * 60 * 1000
"""Milliseconds between an event's time and its arrival, at most; the gateway's take longest."""

_MOST_EVENTS: Final = 10_000
"""The limit of FilterLogEvents for one answer."""


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


@dataclass(frozen=True)
class LogQuery:
    """The events to read."""

    pattern: str
    """A filter pattern of CloudWatch Logs."""

    since: int
    """The start, in milliseconds since 1970."""

    lateness: int = _LATENESS
    """Milliseconds between an event's time and its arrival, at most."""


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
        query: LogQuery,
        warn: Callable[[str], None],
    ) -> None:
        """Start at the time of the query.

        Args:
            client: the client to read with.
            group: the log group.
            query: the events to read.
            warn: is called with a message if events may be missing.
        """
        self._client, self._group, self._query, self._warn = client, group, query, warn
        self._start = query.since
        self._seen: dict[object, int] = {}
        self._crowded: set[int] = set()

    def read_new(self) -> Iterator[LogEvent]:
        """Yield the events since the last call, by time."""
        asked_at = 0
        for page, copies in self._pages():
            asked_at = asked_at or _server_time(page)
            for event in page["events"]:
                raw: dict[str, Any] = {**event}
                key = _identify(raw, copies)
                if key not in self._seen:
                    self._seen[key] = raw["timestamp"]
                    yield LogEvent(self._group, key, raw["timestamp"], raw["message"], raw)
        self._start = max(self._start, asked_at - self._query.lateness)
        self._seen = {key: time for key, time in self._seen.items() if time >= self._start}

    def _pages(self) -> "Iterator[tuple[FilterLogEventsResponseTypeDef, Counter[object]]]":
        """Yield the pages to the last event, each with a count of the copies before it.

        The emulator ends after `_MOST_EVENTS` without a token for the rest. The last time is read
        again, because some of its events may be in the rest.
        """
        start: int | None = self._start
        while start is not None:
            copies: Counter[object] = Counter()
            events: Sequence[FilteredLogEventTypeDef] = ()
            for page in self._pages_from(start):
                events = page["events"]
                yield page, copies
            start = self._find_rest(events)

    def _find_rest(self, last_page: "Sequence[FilteredLogEventTypeDef]") -> int | None:
        """Return the start of the events after a full page, or None if there are none."""
        if len(last_page) < _MOST_EVENTS:
            return None
        first, last = (last_page[each].get("timestamp", 0) for each in (0, -1))
        if first < last:
            return last
        if last not in self._crowded:
            self._crowded.add(last)
            moment = datetime.fromtimestamp(last / 1000, UTC).isoformat(timespec="milliseconds")
            self._warn(
                f"{self._group.name}: only {_MOST_EVENTS:,} events of {moment} can be read, others "
                "may be missing. Search for them with bin/portfolio logs --filter."
            )
        return last + 1

    def _pages_from(self, start: int) -> "Iterator[FilterLogEventsResponseTypeDef]":
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=self._group.name, startTime=start, filterPattern=self._query.pattern
        )
        try:
            yield from pages
        except self._client.exceptions.InvalidParameterException as error:
            message = error.response.get("Error", {}).get("Message", "")
            raise LogsError(f"CloudWatch Logs refuses a parameter: {message}") from None


class Tail:
    """The events in both log groups with a match for a pattern, as they arrive."""

    def __init__(self, logs: StageLogs, query: LogQuery, warn: Callable[[str], None]) -> None:
        """Start at the time of the query.

        Args:
            logs: the log groups.
            query: the events to read.
            warn: is called with a message if events may be missing.
        """
        self._readers = [GroupReader(logs.client, group, query, warn) for group in logs.groups]

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
