"""Reasons for wrong input, made from pydantic's errors."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_MAX_DETAILS: Final = 20
"""Limit of reasons in one answer: a body can have 200 unknown keys."""

_MAX_PATH: Final = 100
"""Limit of characters of a field's path: an unknown key may have any length."""

_REASONS: Final = {
    "missing": "is required",
    "extra_forbidden": "is not a key of this body",
    "string_type": "must be a string that is not empty",
    "string_too_short": "must be at least {min_length} long",
    "string_pattern_mismatch": "must match {pattern}",
    "string_too_long": "must be at most {max_length} long",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is out of range",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must be at least {min_length} long",
    "too_long": "must be at most {max_length} long",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "union_tag_invalid": "has an unknown type",
}
"""Reasons by pydantic's error type; others have pydantic's own message."""


def explain(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the reason for each wrong field, without the value sent.

    The key is the field's path as the client sent it, such as `tags.0`, or `body` for the body.
    """
    details: dict[str, str] = {}
    for error in errors:
        details.setdefault(_path(error["loc"]), _reason(error))
        if len(details) == _MAX_DETAILS:
            break
    return details


def _path(location: tuple[str | int, ...]) -> str:
    """Return the path without its place (`body`, `query`), unless it has nothing else."""
    return ".".join(str(part) for part in location[1:] or location)[:_MAX_PATH]


def _reason(error: Mapping[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    reason = _REASONS.get(kind)
    return reason.format(**context) if reason else str(error["msg"])
