"""Messages about bad settings: key, value, reason and a suggestion."""

import json
import re
from ast import literal_eval
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from infra.settings.model import StageSettings
from infra.settings.nearest import nearest, neighbours
from infra.settings.values import decode

KEYS: Final = [
    field.alias
    for field in StageSettings.model_fields.values()
    if field.alias and ":" not in field.alias
]
"""All settings of the project, spelled as in the stage files."""

REQUIRED: Final = [
    field.alias for field in StageSettings.model_fields.values() if field.is_required()
]
"""The settings without a default. All of them are lists, and Pulumi sets those item by item."""

_SHOWN: Final = 80
"""Maximum number of characters of a value in a message."""


def describe(details: ErrorDetails) -> str:
    """Return one line about a problem found by pydantic."""
    key, *path = map(str, details["loc"])
    where = key + "".join(f"[{index}]" for index in path)
    if details["type"] == "missing":
        return f"{where} is not set: {_set_command(key)}"
    if details["type"] == "extra_forbidden":
        return f"{where} is not a setting{suggest_key(key)}"
    reason = _REASONS.get(details["type"], _own_words)(details)
    value = details["input"] if path else decode(details["input"])
    return f"{where} = {_show(value)}: {reason}"


def describe_option(error: ValidationError, option: str) -> str:
    """Return one line about the first problem with an option's value, found by pydantic."""
    first = error.errors(include_url=False)[0]
    return describe({**first, "loc": (option,)})


def suggest_key(key: str) -> str:
    """Return the end of a message: the most similar setting, or all settings."""
    meant = nearest(key, KEYS)
    return f": did you mean {meant}?" if meant else f"; the settings are {', '.join(KEYS)}"


def _set_command(key: str) -> str:
    path = f"--path '{key}[0]'" if key in REQUIRED else key
    return f"pulumi config set {path} …"


def _own_words(details: ErrorDetails) -> str:
    return details["msg"].removeprefix("Value error, ")


def _not_one_of(details: ErrorDetails) -> str:
    """Return the allowed values of the field, and the nearest one."""
    expected: str = details.get("ctx", {})["expected"]
    choices = [literal_eval(choice) for choice in re.split(", | or ", expected)]
    value = details["input"]
    if isinstance(value, int):
        near = " and ".join(map(str, neighbours(value, choices)))
        return f"must be a value AWS allows: the nearest are {near}"
    meant = nearest(str(value), choices) if len(choices) > 1 else None
    hint = f": did you mean {meant}?" if meant else ""
    return f"must be {expected.replace("'", '')}{hint}"


def _not_a_list(details: ErrorDetails) -> str:
    value = details["input"]
    item = str(value) if isinstance(value, (str, int)) else ""
    hint = f": did you mean {_show([item])}?" if re.match(r"\w", item) else ""
    return f"must be a list{hint}"


def _out_of_bounds(details: ErrorDetails) -> str:
    bounds = details.get("ctx", {})
    return (
        f"must be at least {bounds['ge']}" if "ge" in bounds else f"must be at most {bounds['le']}"
    )


def _show(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


_REASONS: Final[Mapping[str, Callable[[ErrorDetails], str]]] = {
    "greater_than_equal": _out_of_bounds,
    "less_than_equal": _out_of_bounds,
    "literal_error": _not_one_of,
    "multiple_of": lambda details: f"must be a multiple of {details.get('ctx', {})['multiple_of']}",
    "string_type": lambda _: "must be a string, in quotes",
    "tuple_type": _not_a_list,
}
"""Reasons by pydantic's type of error; other types use the message of the check."""
