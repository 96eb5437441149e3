"""Forms of query parameters; a parameter without a value is dropped before (`src.api.routing`)."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator

from src.models.fields import tidy

_DIGITS: Final = re.compile(r"\d+", re.ASCII)
_SWITCHES: Final = {"true": True, "1": True, "false": False, "0": False}


def _read_number(value: object) -> object:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("must be a whole number in plain digits")
    return value


def _read_switch(value: object) -> object:
    if isinstance(value, str) and value.lower() not in _SWITCHES:
        raise ValueError("must be true or false")
    return _SWITCHES[value.lower()] if isinstance(value, str) else value


def lower(value: object) -> object:
    """Return a text in lower case; a validator of parameters in any case."""
    return value.lower() if isinstance(value, str) else value


PLAIN_DIGITS: Final = BeforeValidator(_read_number)
"""Limit of a whole number to plain digits: neither `+5` nor `5.0`, which pydantic reads too.

It comes last, after the bounds: `Annotated[int, Query(ge=1), PLAIN_DIGITS]`.
"""

Switch = Annotated[bool, BeforeValidator(_read_switch)]
"""`true`, `false`, `1` or `0`, in any case: not `yes` or `on`, which pydantic reads too."""

TextFilter = Annotated[str, BeforeValidator(tidy)]
"""A value of a filter, tidied as the values of items are."""
