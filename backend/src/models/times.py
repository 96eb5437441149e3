"""Times, stored to the microsecond and returned to the second."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import PlainSerializer, WithJsonSchema

type Clock = Callable[[], datetime]
"""A function to read the time, in UTC."""


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def format_exact(moment: datetime) -> str:
    """Write a UTC time to the microsecond, for the table; the texts sort as the times do."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def format_seconds(moment: datetime) -> str:
    """Write a UTC time to the second, for answers."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


Timestamp = Annotated[
    datetime,
    PlainSerializer(format_seconds, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-01-31T09:30:00Z"]}),
]
