"""All events of one request, found by any of its ids."""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from infra.errors import CommandLineError
from portfolio.logs.events import GroupReader, LogEvent, LogQuery
from portfolio.logs.parse import parse_event

if TYPE_CHECKING:
    from portfolio.logs.events import StageLogs

_REQUEST_ID: Final = r"[A-Za-z0-9+/=_-]{4,64}"
"""The gateway's base64 ids, and Lambda's UUIDs or their first part."""


class RequestTrace:
    """The events of a request.

    Some lines hold the gateway's id and some Lambda's. Lines with both connect the two.
    """

    def __init__(
        self, logs: "StageLogs", request_id: str, since: int, warn: Callable[[str], None]
    ) -> None:
        """Start at a time.

        Args:
            logs: the log groups.
            request_id: any id of the request, or its first part.
            since: the start, in milliseconds since 1970.
            warn: is called with a message if events may be missing.

        Raises:
            CommandLineError: if the text cannot be a request's id.
        """
        if not re.fullmatch(_REQUEST_ID, request_id):
            raise CommandLineError(
                f"{request_id!r} is not a request id: use the X-Request-Id of an answer, "
                "or an id from the log."
            )
        self._logs, self._asked, self._since, self._warn = logs, request_id, since, warn
        self._readers: dict[str, list[GroupReader]] = {}
        self._shown: set[object] = set()
        self._add(request_id)

    def read_new(self) -> Iterator[LogEvent]:
        """Yield the events since the last call, by time."""
        found: dict[str, list[list[LogEvent]]] = {}
        while unread := [known for known in self._readers if known not in found]:
            for known in unread:
                found[known] = [[*reader.read_new()] for reader in self._readers[known]]
                for events in found[known]:
                    self._learn(events)
        streams = [events for each in found.values() for events in each]
        # The longest first: it has the right order of events with equal times.
        streams.sort(key=len, reverse=True)
        for event in heapq.merge(*streams, key=lambda event: event.timestamp):
            if event.key not in self._shown:
                self._shown.add(event.key)
                yield event

    def _add(self, request_id: str) -> None:
        query = LogQuery(f'"{request_id}"', self._since)
        self._readers[request_id] = [
            GroupReader(self._logs.client, group, query, self._warn) for group in self._logs.groups
        ]

    def _learn(self, events: Iterable[LogEvent]) -> None:
        """Search for the other ids of a request as well."""
        for event in events:
            ids = parse_event(event).ids
            if any(each.startswith(self._asked) or each in self._readers for each in ids):
                for unknown in ids - self._readers.keys():
                    self._add(unknown)
