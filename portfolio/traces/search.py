"""X-Ray's traces of a stage, found by time and read in batches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Final

from portfolio.traces.segments import Trace, parse_trace

if TYPE_CHECKING:
    from types_boto3_xray import XRayClient
    from types_boto3_xray.type_defs import TraceTypeDef

    from portfolio.traces.requests import AccessLog, Request

_LONGEST_WINDOW: Final = timedelta(hours=6)
"""X-Ray refuses a search over more time."""

_KEPT: Final = timedelta(days=30)
"""X-Ray deletes older traces."""

_BATCH: Final = 5
"""The number of traces that BatchGetTraces returns at most."""

_LATENESS: Final = timedelta(minutes=5)
"""The age of a trace when it can be found, at most."""

_SETTLED: Final = timedelta(minutes=1)
"""The age from which the missing parts of a trace are no longer awaited."""


@dataclass(frozen=True)
class TracedRequest:
    """A trace, and its request if the access log has it."""

    trace: Trace
    request: "Request | None"

    @property
    def has_failed(self) -> bool:
        """True for a failed segment or a status of 500 or more."""
        return self.trace.has_failed or (self.request is not None and self.request.has_failed)

    @property
    def is_complete(self) -> bool:
        """True if nothing is missing, or missing parts are no longer awaited."""
        is_old = datetime.now(UTC).timestamp() - self.trace.end > _SETTLED.total_seconds()
        return is_old or (self.trace.is_complete and self.request is not None)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The conditions for a trace to be shown."""

    path: str | None = None
    """The beginning of the path."""

    slower_than: int | None = None
    """Milliseconds that the trace takes longer than."""

    failed: bool = False
    """True for failed requests only."""

    def includes(self, traced: TracedRequest) -> bool:
        """Return True for a trace to be shown; X-Ray has checked the duration."""
        if self.failed and not traced.has_failed:
            return False
        request = traced.request
        return self.path is None or (request is not None and request.path.startswith(self.path))


class TraceSearch:
    """The traces of one function, each of them returned once."""

    def __init__(self, client: "XRayClient", log: "AccessLog", function: str, want: Wanted) -> None:
        """Prepare a search.

        Args:
            client: a client for X-Ray.
            log: the gateway's access log.
            function: the function's name.
            want: the conditions.
        """
        self._client, self._log, self._wanted = client, log, want
        # Lambda writes this segment even if it throttles the function.
        self._expression = f'service(id(name: "{function}", type: "AWS::Lambda"))'
        if want.slower_than is not None:
            self._expression += f" AND duration > {want.slower_than / 1000}"
        self._seen: set[str] = set()

    def newest(self, since: datetime, limit: int, *, complete: bool) -> list[TracedRequest]:
        """Return the newest traces since a time, sorted by time.

        Args:
            since: the start.
            limit: the number of traces, at most.
            complete: True to leave incomplete ones to a later call.
        """
        found: list[TracedRequest] = []
        for start, end in _windows(since):
            for batch in batched(self._unseen(start, end), _BATCH):
                loaded = self._load_complete(batch) if complete else self._load(batch)
                found += filter(self._wanted.includes, loaded)
                if len(found) >= limit:
                    return _by_time(found)[-limit:]
        return _by_time(found)

    def read_new(self) -> list[TracedRequest]:
        """Return the complete traces that were not returned before, sorted by time."""
        now = datetime.now(UTC)
        batches = batched(self._unseen(now - _LATENESS, now), _BATCH)
        loaded = (traced for batch in batches for traced in self._load_complete(batch))
        return _by_time(filter(self._wanted.includes, loaded))

    def _unseen(self, start: datetime, end: datetime) -> list[str]:
        """Return the ids of a time, the newest first."""
        pages = self._client.get_paginator("get_trace_summaries").paginate(
            StartTime=start, EndTime=end, FilterExpression=self._expression
        )
        ids = {each.get("Id", "") for page in pages for each in page["TraceSummaries"]}
        new = ids - self._seen
        self._seen |= new
        return sorted(new, key=_second, reverse=True)

    def _load_complete(self, ids: Iterable[str]) -> Iterator[TracedRequest]:
        """Yield the complete ones of these traces; the others can be found again."""
        for traced in self._load(ids):
            if traced.is_complete:
                yield traced
            else:
                self._seen.discard(traced.trace.id)

    def _load(self, ids: Iterable[str]) -> Iterator[TracedRequest]:
        pages = self._client.get_paginator("batch_get_traces").paginate(TraceIds=[*ids])
        found = [_parse(each) for page in pages for each in page["Traces"]]
        requests = self._log.find_requests(found)
        for trace in found:
            yield TracedRequest(trace, requests.get(trace.function_request_id or ""))


def _parse(trace: "TraceTypeDef") -> Trace:
    segments = trace.get("Segments", [])
    return parse_trace(trace.get("Id", ""), [each.get("Document", "") for each in segments])


def _windows(since: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the parts of the time since then, the newest first."""
    end = datetime.now(UTC)
    since = max(since, end - _KEPT)
    while end > since:
        start = max(since, end - _LONGEST_WINDOW)
        yield start, end
        end = start


def _second(trace_id: str) -> str:
    """Return the part of an id with the time: `1-<seconds since 1970, in hex>-<random>`."""
    return trace_id.split("-")[1]


def _by_time(found: Iterable[TracedRequest]) -> list[TracedRequest]:
    return sorted(found, key=lambda traced: traced.trace.start)
