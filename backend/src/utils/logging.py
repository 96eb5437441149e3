"""The function's log: one JSON object a line, with the ids of the request."""

import json
import logging
import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, override

from pydantic_core import PydanticSerializationError, to_json

if TYPE_CHECKING:
    from src.config import LogLevel


class RequestIds(NamedTuple):
    """The ids of a request."""

    gateway: str
    """The gateway's id, also in the answer; without a gateway, Lambda's id or a new one."""

    function: str | None
    """Lambda's id of the invocation, also in Lambda's own log lines."""


REQUEST_IDS: Final = ContextVar[RequestIds | None]("request_ids", default=None)
"""The ids of the current request."""

_QUIET: Final = ("boto3", "botocore", "mangum", "urllib3")
"""Loggers limited to warnings: at DEBUG, botocore writes passwords and tokens."""


class JsonFormatter(logging.Formatter):
    """A formatter of records as JSON, with the fields in their `extra={"fields": ...}`."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = getattr(record, "fields", {})
        if record.exc_info:
            fields = {**fields, "exception": self.formatException(record.exc_info)}
        return _format_line(
            record.created, record.levelname, record.name, record.getMessage(), fields
        )


def write_line(logger: logging.Logger, message: str, fields: Mapping[str, object]) -> None:
    """Log a line at INFO in a quarter of the logger's time, for the log of every request."""
    if logger.isEnabledFor(logging.INFO):
        line = _format_line(time.time(), "INFO", logger.name, message, fields)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _format_line(
    moment: float, level: str, logger: str, message: str, fields: Mapping[str, object]
) -> str:
    ids = REQUEST_IDS.get()
    line = {
        "time": f"{_format_second(int(moment))}.{int(moment % 1 * 1000):03}Z",
        "level": level,
        "logger": logger,
        "requestId": ids and ids.gateway,
        "functionRequestId": ids and ids.function,
        "message": message,
        **fields,
    }
    try:
        return to_json(line, serialize_unknown=True).decode()
    except PydanticSerializationError:
        # Half a surrogate pair: JSON can only write it as an escape.
        return json.dumps(line, default=str)


@lru_cache(maxsize=1)
def _format_second(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S}"


def configure_logging(level: "LogLevel") -> None:
    """Send the log to standard output; Lambda passes it on to CloudWatch."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    # Replace the runtime's own handler: it would write each line a second time.
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
