"""Everything a stage logs, both logs merged by time."""

import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING

from portfolio.logs.events import GroupReader, LogEvent

if TYPE_CHECKING:
    from portfolio.logs.groups import StageLogs


class Tail:
    """The events of a stage that match a pattern, as they come."""

    def __init__(self, logs: "StageLogs", pattern: str, since: int) -> None:
        """Read from a time on, in milliseconds since 1970."""
        self._readers = [GroupReader(logs.client, group, pattern, since) for group in logs.groups]

    def read_new(self) -> Iterator[LogEvent]:
        """What was not read before; only a page of each log is held at a time."""
        new = (reader.read_new() for reader in self._readers)
        return heapq.merge(*new, key=lambda event: event.timestamp)
