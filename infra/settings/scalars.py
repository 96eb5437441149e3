"""Plain YAML scalars with the types of the engine's parser (gopkg.in/yaml.v3, `resolve.go`).

It reads YAML 1.2's core schema, and dates, old octals and underscores in numbers too. PyYAML reads
YAML 1.1: to it, `012345678912` is a string, `512.0` stays a float and `12:30:00` is a number.
"""

import re
from contextlib import suppress
from datetime import datetime
from typing import Final, Literal

type Kind = Literal["null", "bool", "int", "float", "timestamp", "str"]
type Scalar = bool | int | float | str | None

_WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **{
        f"{sign}.{word}": float(f"{sign}inf")
        for sign in ("", "+", "-")
        for word in ("inf", "Inf", "INF")
    },
}
_KINDS: Final[dict[type, Kind]] = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
}
_INTEGER: Final = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)"
)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_FRACTION: Final = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
"""A number with a leading point: the engine keeps to Go's rules for underscores in it."""

_TIMESTAMP: Final = re.compile(
    r"(?P<date>\d{4}-\d\d?-\d\d?)"
    r"(?:(?P<space>[Tt ])(?P<time>\d\d?:\d\d?:\d\d?)(?:[.,](?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[-+]\d\d:\d\d)?)?",
    re.ASCII,
)
_INT64: Final = range(-(2**63), 2**64)
"""The integers with a type of their own in the engine; larger ones become floats."""

_PLAIN: Final = 10**21
"""The limit of Go's JSON for numbers without an exponent."""


def kind_of(text: str) -> Kind:
    """Return the type of a scalar without quotes and without a tag."""
    return "timestamp" if _timestamp(text) else _KINDS[type(_word_or_number(text))]


def read(text: str) -> Scalar:
    """Return the value of a scalar without quotes; a timestamp is the engine's text for it."""
    return _timestamp(text) or _word_or_number(text)


def _word_or_number(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] == ".":
        return _float(text) if _FRACTION.fullmatch(text) else text
    if text[0] not in "+-0123456789":
        return text
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits) and (number := _integer(digits)) in _INT64:
        return number
    return _float(digits, text) if _FLOAT.fullmatch(digits) else text


def _integer(digits: str) -> int:
    # Python spells an octal 0o16, and refuses 016.
    return int(re.sub(r"^([-+]?)0([0-7])", r"\g<1>0o\2", digits), 0)


def _float(digits: str, text: str | None = None) -> Scalar:
    """Return the number as the engine passes it on: a whole one without its point."""
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        # Out of range: the engine keeps the text.
        return text or digits
    return int(number) if number.is_integer() and abs(number) < _PLAIN else number


def _timestamp(text: str) -> str | None:
    """Return a date or time in the engine's spelling, or None if it is neither."""
    found = _TIMESTAMP.fullmatch(text)
    # A time after a space has no zone, and one after T needs it.
    if not found or (found["time"] and (found["space"] == " ") == bool(found["zone"])):
        return None
    with suppress(ValueError):
        time = found["time"] or "0:0:0"
        moment = datetime.strptime(f"{found['date']} {time}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - its zone is text
        fraction = (found["fraction"] or "").rstrip("0")
        return f"{moment}{'.' if fraction else ''}{fraction} {_zone(found['zone'])}"
    return None


def _zone(zone: str | None) -> str:
    if zone in (None, "Z", "+00:00", "-00:00"):
        return "+0000 UTC"
    offset = zone.replace(":", "")
    return f"{offset} {offset}"
