"""Types and rules of fields shared by several kinds of content."""

import re
import unicodedata
from contextlib import suppress
from datetime import date
from itertools import chain, groupby
from typing import Annotated, Final, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticKnownError

_LISTED_TEXT_LENGTH: Final = 50
_URL_LENGTH: Final = 2_000
_IMAGE_LENGTH: Final = 250_000

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR: Final = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_BY_4: Final = "(?:0[48]|[2468][048]|[13579][26])"
_DATE_OF_CALENDAR: Final = (
    f"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    f"|{_YEAR}-(?:0[13-9]|1[0-2])-(?:29|30)"
    f"|{_YEAR}-(?:0[13578]|1[02])-31"
    f"|(?:[0-9]{{2}}{_BY_4}|{_BY_4}00)-02-29"
)
"""Pattern of dates in the schema, as exact as the validator; it would take longer to compile."""

_USER: Final = r"(?:[^\s\x00-\x20\x7f-\xa0\\/?#@\[\]]*@)?"
_HOST: Final = r'(?:[^\s\x00-\x20\x7f-\xa0"<>\\^{|}/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])'
_PORT: Final = "(?::(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])?)?"
_PATH: Final = r"(?:[/?#][^\x00-\x20\x7f\\]*)?"
_URL: Final = f"[Hh][Tt][Tt][Pp][Ss]?://{_USER}{_HOST}{_PORT}{_PATH}"

_WORD: Final = "[A-Za-z0-9.+-]{1,127}"
_IMAGE_HEADER: Final = f"data:image/{_WORD}(?:;{_WORD}={_WORD}){{0,8}};base64,"
_DIGIT: Final = "[A-Za-z0-9+/]"
_BASE64: Final = f"(?:{_DIGIT}{{4}})*(?:{_DIGIT}{{4}}|{_DIGIT}{{3}}=|{_DIGIT}{{2}}==)"
_BASE64_DIGITS: Final = 4
"""Number of digits in a group; the last group may end in `=`."""


def _or_empty(pattern: str) -> str:
    """Return the pattern of a text in the schema; an empty one is sent for an unset field."""
    return f"^(?:|{pattern})$"


def tidy(value: object, *, trimmed: bool = True) -> object:
    """Return a text, or a list with texts, in Unicode's form NFC and without blanks at both ends.

    Args:
        value: a value of JSON; others than texts and lists of them are returned as they are.
        trimmed: false to keep the blanks of a text.
    """
    if isinstance(value, str):
        text = _compose(value)
        return text.strip() if trimmed else text
    if isinstance(value, list):
        return [
            tidy(each) if isinstance(each, str) else each for each in cast("list[object]", value)
        ]
    return value


def _compose(text: str) -> str:
    """Return a text in Unicode's form NFC, in a time in proportion to its length.

    `unicodedata` sorts marks by swaps of neighbours: 150,000 marks on one letter take minutes.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    decomposed = "".join(unicodedata.normalize("NFD", character) for character in text)
    in_order = (
        sorted(run, key=unicodedata.combining) if are_marks else run
        for are_marks, run in groupby(decomposed, _is_sorted_mark)
    )
    return unicodedata.normalize("NFC", "".join(chain.from_iterable(in_order)))


def _is_sorted_mark(character: str) -> bool:
    """Return True for a mark with a place in the order of the marks on a letter."""
    return unicodedata.combining(character) > 0


def at_most_bytes(limit: int) -> AfterValidator:
    """Return a validator of texts, with a limit in bytes of UTF-8."""

    def fit(text: str) -> str:
        if len(text.encode()) > limit:
            raise ValueError(f"must have at most {limit:,} bytes of UTF-8")
        return text

    return AfterValidator(fit)


def at_most_different(limit: int) -> WrapValidator:
    """Return a validator of lists of texts: repeats and empty texts are dropped, then counted.

    An error names the place of a text in the list as it was sent.
    """

    def validate(value: object, handler: ValidatorFunctionWrapHandler) -> list[str] | None:
        if not isinstance(value, list):
            return handler(value)
        blanked = _blank_repeats(cast("list[object]", value))
        length = len(blanked) - blanked.count("")
        if length > limit:
            context = {"field_type": "List", "max_length": limit, "actual_length": length}
            raise PydanticKnownError("too_long", context)
        return [text for text in handler(blanked) if text]

    return WrapValidator(validate)


def _blank_repeats(values: list[object]) -> list[object]:
    """Return a list with an empty text in place of each repeated text."""
    seen: set[str] = set()
    blanked: list[object] = []
    for value in values:
        is_repeat = isinstance(value, str) and value in seen
        blanked.append("" if is_repeat else value)
        if isinstance(value, str):
            seen.add(value)
    return blanked


def _refuse_blank(value: object) -> object:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise PydanticKnownError("missing")
    return value


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _read_date(value: object) -> date:
    if isinstance(value, date):
        return value
    # `fromisoformat` takes weeks, and dates without hyphens, too.
    if isinstance(value, str) and _DATE.fullmatch(value):
        # The calendar may lack the day.
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError("must be a date such as 2026-01-31")


def _check_url(text: str) -> str:
    if len(text) > _URL_LENGTH:
        raise PydanticKnownError("string_too_long", {"max_length": _URL_LENGTH})
    if not re.fullmatch(_URL, text):
        raise ValueError("must be an http or https URL such as https://example.com")
    return text


def _check_image_url(text: str) -> str:
    if not text.startswith("data:"):
        return _check_url(text)
    header = re.match(_IMAGE_HEADER, text)
    if not header or not _is_base64(text[header.end() :]):
        raise ValueError("must be an image in base64 such as data:image/png;base64,iVBORw0KGgo=")
    return text


def _is_base64(text: str) -> bool:
    """Return True for `_BASE64`; its groups would take fifty times as long."""
    return len(text) % _BASE64_DIGITS == 0 and bool(re.fullmatch(f"{_DIGIT}+={{0,2}}", text))


# Python strips these characters too, but a schema's `\s` leaves them out.
_NOT_BLANK: Final = r"[^\s\x1c-\x1f\x85]"

RequiredText = Annotated[str, Field(min_length=1, json_schema_extra={"pattern": _NOT_BLANK})]
"""A text to send with the rule `REQUIRED`; a separate rule because limits come before it."""

REQUIRED: Final = BeforeValidator(_refuse_blank)
"""Rule of a text to send: null, an empty text and nothing but blanks are refused as missing."""

EMPTY_IS_UNSET: Final = BeforeValidator(_none_if_empty)
"""Rule of an optional text, date, URL or choice: an empty text is taken as null."""

ListedText = Annotated[str, Field(min_length=0, max_length=_LISTED_TEXT_LENGTH)]
"""A text in a list; an empty one is dropped by `at_most_different`."""

Day = Annotated[
    date,
    BeforeValidator(_read_date),
    PlainSerializer(date.isoformat, when_used="json"),
    WithJsonSchema(
        {"type": "string", "pattern": _or_empty(_DATE_OF_CALENDAR), "examples": ["2026-01-31"]},
        mode="validation",
    ),
    WithJsonSchema(
        {"type": "string", "format": "date", "examples": ["2026-01-31"]}, mode="serialization"
    ),
]
"""A date, `YYYY-MM-DD` in JSON."""

WebUrl = Annotated[
    str,
    AfterValidator(_check_url),
    Field(
        max_length=_URL_LENGTH,
        json_schema_extra={"pattern": _or_empty(_URL)},
        examples=["https://example.com/portfolio"],
    ),
]
"""An http or https URL of at most 2,000 characters, kept as sent."""

ImageUrl = Annotated[
    str,
    Field(
        max_length=_IMAGE_LENGTH,
        json_schema_extra={"pattern": _or_empty(f"{_URL}|{_IMAGE_HEADER}{_BASE64}")},
        examples=["https://example.com/portfolio.png"],
    ),
    AfterValidator(_check_image_url),
]
"""An http or https URL, or an image in a `data:` URL of at most 250,000 characters."""
