"""Events of both logs as lines to read, and the gateway's lines.

The format of the gateway's access log is in `infra.components.http_api`.
"""

from collections.abc import Mapping
from typing import Any, Final

from portfolio.logs.app_lines import decode_object, parse_app_line
from portfolio.logs.events import LogEvent
from portfolio.logs.line import Line, Weight
from portfolio.logs.platform_lines import parse_platform_line

LABEL: Final = "access"

_ABSENT: Final = "-"
"""API Gateway's text for a variable without a value."""

_NO_ROUTE: Final = "(no route)"
"""Text in place of a path, as the app's log has it."""

_DETAILS: Final = ("integrationLatency", "integrationError", "authorizerError")
_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400


def parse_event(event: LogEvent) -> Line:
    """Parse an event of the function's log or of the access log."""
    if event.group.source == "access":
        return parse_access_line(event.message)
    return parse_platform_line(event.message) or parse_app_line(event.message)


def parse_access_line(text: str) -> Line:
    """Parse a line of the gateway about one request."""
    entry = {name: value for name, value in decode_object(text).items() if value != _ABSENT}
    if "status" not in entry:
        return Line(LABEL, text.strip())
    return Line(
        LABEL,
        _describe(entry),
        _weight(entry),
        entry.get("requestId"),
        entry.get("functionRequestId"),
        {name: entry[name] for name in _DETAILS if name in entry},
    )


def _describe(entry: Mapping[str, Any]) -> str:
    """Return the request, its status and its latency, as far as the line has them."""
    latency = f"{entry['latency']} ms" if "latency" in entry else ""
    parts = entry.get("method"), entry.get("path") or _NO_ROUTE, entry["status"], latency
    return " ".join(str(each) for each in parts if each)


def _weight(entry: Mapping[str, Any]) -> Weight:
    status = int(entry["status"]) if str(entry["status"]).isdecimal() else 0
    if status >= _SERVER_ERROR:
        return "error"
    return "warning" if status >= _CLIENT_ERROR else "normal"
