"""Lines of the function: JSON from `src.utils.logging`, or other text."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from portfolio.logs.line import Line, Weight

WEIGHTS: Final[Mapping[str, Weight]] = {
    "DEBUG": "chatter",
    "INFO": "normal",
    "WARNING": "warning",
    "ERROR": "error",
    "CRITICAL": "error",
}
"""The importance of each log level."""

_KNOWN: Final = {"time", "level", "logger", "requestId", "functionRequestId", "message"}
_UUID: Final = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
_TROUBLE: Final = re.compile(r"\[(?:ERROR|CRITICAL)\]|Task timed out|Runtime exited|Traceback")


def parse_app_line(text: str) -> Line:
    """Parse a line of the app's JSON log, or any other text."""
    record = decode_object(text)
    return _parse_record(record) if {"level", "message"} <= record.keys() else _parse_text(text)


def decode_object(text: str) -> dict[str, Any]:
    """Decode a JSON object; return an empty one for any other text."""
    try:
        content: Any = json.loads(text)
    except ValueError:
        return {}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else {}


def _parse_record(record: dict[str, Any]) -> Line:
    level = str(record["level"])
    message, _, rest = str(record["message"]).partition("\n")
    weight = WEIGHTS.get(level, "normal")
    said = message.split()
    fields = {
        name: value
        for name, value in record.items()
        if name not in _KNOWN | {"exception"} and value is not None and str(value) not in said
    }
    if weight in {"warning", "error"}:
        fields["logger"] = record.get("logger")
    return Line(
        level,
        message,
        weight,
        record.get("requestId"),
        record.get("functionRequestId"),
        fields,
        "\n".join(filter(None, (rest, record.get("exception")))),
        record.get("logger"),
    )


def _parse_text(text: str) -> Line:
    # The runtime writes a traceback as one event: its lines end in a carriage return, and are
    # indented with non-breaking spaces.
    text = text.replace("\r", "\n").replace("\xa0", " ")
    message, _, rest = text.strip().partition("\n")
    request_id = re.search(_UUID, message)
    return Line(
        "",
        message,
        "error" if _TROUBLE.search(text) else "normal",
        function_request_id=request_id and request_id[0],
        details=rest,
    )
