"""What the gateway writes, in the format that `infra.components.http_api` gives it."""

from collections.abc import Mapping
from typing import Any, Final

from portfolio.logs.app_lines import decode_object
from portfolio.logs.line import Line, Weight

LABEL: Final = "access"

_ABSENT: Final = "-"
"""What API Gateway writes for a variable that has no value."""

_BESIDES: Final = ("integrationLatency", "integrationError", "authorizerError")
_SERVER_ERROR: Final = 500
_CLIENT_ERROR: Final = 400


def parse_access_line(text: str) -> Line:
    """A request as the gateway saw it."""
    entry = {name: value for name, value in decode_object(text).items() if value != _ABSENT}
    if "status" not in entry:
        return Line(LABEL, text.strip())
    return Line(
        LABEL,
        f"{entry.get('method')} {entry.get('path')} {entry['status']} {entry.get('latency')} ms",
        _weight(entry),
        entry.get("requestId"),
        entry.get("functionRequestId"),
        {name: entry[name] for name in _BESIDES if name in entry},
    )


def _weight(entry: Mapping[str, Any]) -> Weight:
    status = int(entry["status"]) if str(entry["status"]).isdecimal() else 0
    if status >= _SERVER_ERROR:
        return "error"
    return "warning" if status >= _CLIENT_ERROR else "normal"
