"""The requests behind traces, from the gateway's access log.

An HTTP API of API Gateway writes no segments, so X-Ray does not know method, path and status.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.logs.app_lines import decode_object

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

    from portfolio.traces.segments import Trace

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LATENESS: Final = 60
"""Seconds after a trace's end in which its line of the access log begins."""

_SERVER_ERROR: Final = 500


@dataclass(frozen=True)
class Request:
    """A request to the gateway."""

    method: str
    path: str
    status: str
    request_id: str
    """The gateway's id, for `portfolio logs --request-id`."""

    @property
    def has_failed(self) -> bool:
        """True for a status of 500 or more."""
        return self.status.isdecimal() and int(self.status) >= _SERVER_ERROR


class AccessLog:
    """The gateway's access log of a stage."""

    def __init__(self, client: "CloudWatchLogsClient", group: str) -> None:
        """Read from a log group."""
        self._client, self._group = client, group

    def find_requests(self, traces: "Iterable[Trace]") -> Mapping[str, Request]:
        """Return the requests of at most five traces, by Lambda's id of the invocation."""
        asked = [each for each in traces if _UUID.fullmatch(each.function_request_id or "")]
        if not asked:
            return {}
        # A filter pattern has at most 1,024 characters, and five ids take 350.
        ids = (f'$.functionRequestId = "{each.function_request_id}"' for each in asked)
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=self._group,
            startTime=int(1000 * (min(each.start for each in asked) - _LATENESS)),
            endTime=int(1000 * (max(each.end for each in asked) + _LATENESS)),
            filterPattern=f"{{ {' || '.join(f'({each})' for each in ids)} }}",
        )
        lines = (event.get("message", "") for page in pages for event in page["events"])
        return dict(map(_parse, lines))


def _parse(line: str) -> tuple[str, Request]:
    entry = {name: str(value) for name, value in decode_object(line).items()}
    values = (entry.get(name, "-") for name in ("method", "path", "status", "requestId"))
    return entry.get("functionRequestId", ""), Request(*values)
