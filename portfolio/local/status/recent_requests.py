"""The last requests, kept in memory for the status page."""

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.logs.render import render_content, shorten_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portfolio.local.gateway import AccessLogEntry
    from portfolio.logs.line import Line

KEPT: Final = 200
"""The number of requests to keep; older ones are dropped."""

_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400


@dataclass(frozen=True)
class LoggedLine:
    """A line of the function's log, as text."""

    label: str
    """The level; empty for printed text."""

    weight: str
    """The importance, for the colour."""

    text: str


@dataclass(frozen=True)
class RecordedRequest:
    """A request with its answer and its log."""

    time: str
    method: str
    path: str
    status: int
    milliseconds: str
    request_id: str
    """The id, as `portfolio logs --request-id` accepts it."""

    lines: list[LoggedLine]

    @property
    def weight(self) -> str:
        """The importance of the answer's status, for the colour."""
        if self.status >= _SERVER_ERROR:
            return "error"
        return "warning" if self.status >= _CLIENT_ERROR else "normal"


class RecentRequests:
    """A bounded list of requests. Any thread may add to it and read it."""

    def __init__(self) -> None:
        """Start without requests."""
        self._requests = deque["tuple[AccessLogEntry, Sequence[Line]]"](maxlen=KEPT)

    def add(self, entry: "AccessLogEntry", lines: "Sequence[Line]") -> None:
        """Add a request with its log lines."""
        self._requests.append((entry, lines))

    def newest_first(self) -> list[RecordedRequest]:
        """Return the requests, the newest first."""
        return [_describe(entry, lines) for entry, lines in reversed(self._requests.copy())]


def _describe(entry: "AccessLogEntry", lines: "Sequence[Line]") -> RecordedRequest:
    return RecordedRequest(
        f"{entry.arrived.astimezone():%H:%M:%S}",
        entry.method,
        entry.path,
        entry.status,
        f"{entry.latency:.0f}",
        shorten_id(entry.request_id),
        [LoggedLine(each.label, each.weight, render_content(each).plain) for each in lines],
    )
