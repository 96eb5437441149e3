"""Types of fields shared by several kinds of content."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Final, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_URL_PATTERN: Final = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7f/?#\\][^\x00-\x20\x7f\\]*$"
_URL: Final = TypeAdapter(HttpUrl)


def tidy(value: object, *, trimmed: bool = True) -> object:
    """Return a text, or a list with texts, in Unicode's form NFC and without blanks at both ends.

    Args:
        value: a value of JSON; others than texts and lists of them are returned as they are.
        trimmed: false to keep the blanks; a text with nothing but blanks becomes empty anyway.
    """
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value)
        stripped = text.strip()
        return stripped if trimmed or not stripped else text
    if isinstance(value, list):
        return [
            tidy(each) if isinstance(each, str) else each for each in cast("list[object]", value)
        ]
    return value


def at_most_bytes(limit: int) -> Callable[[str], str]:
    """Return a validator of texts, with a limit in bytes of UTF-8."""

    def fit(text: str) -> str:
        if len(text.encode()) > limit:
            raise ValueError(f"Text should have at most {limit:,} bytes of UTF-8")
        return text

    return fit


def _read_date(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("Dates should look like 2026-01-31")
    return date.fromisoformat(value)


def _check_url(text: str) -> str:
    """Refuse an invalid URL; pydantic's own type would repair some and rewrite others."""
    if not re.fullmatch(_URL_PATTERN, text) or not _is_url(text):
        raise ValueError("URLs should be absolute, with http or https")
    return text


def _is_url(text: str) -> bool:
    try:
        _URL.validate_python(text)
    except ValidationError:
        return False
    return True


Day = Annotated[
    date,
    BeforeValidator(_read_date),
    PlainSerializer(date.isoformat, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-01-31"]}),
]
"""A date, `YYYY-MM-DD` in JSON."""

WebUrl = Annotated[
    str,
    AfterValidator(_check_url),
    Field(
        json_schema_extra={"format": "uri", "pattern": _URL_PATTERN},
        examples=["https://example.com/portfolio"],
    ),
]
"""An http or https URL, kept as sent."""
