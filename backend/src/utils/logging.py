"""The function's log: one JSON object a line, each under its request's id."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, override

if TYPE_CHECKING:
    from src.config import LogLevel

REQUEST_ID: Final[ContextVar[str | None]] = ContextVar("request_id", default=None)
"""The id of the request being answered."""

_QUIET: Final = ("boto3", "botocore", "mangum", "urllib3")
"""Loggers kept at warnings: botocore would write passwords and tokens at DEBUG."""


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON, with whatever fields it carries in `extra={"fields": ...}`."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "requestId": REQUEST_ID.get(),
            "message": record.getMessage(),
        }
        fields |= getattr(record, "fields", {})
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)


def configure_logging(level: "LogLevel") -> None:
    """Send the process's log to standard output, which Lambda hands to CloudWatch."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    # In place of the runtime's own handler, which would write each line a second time.
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
