"""What pydantic found wrong with the input, as reasons a client can act on."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_MAX_DETAILS: Final = 20
"""Reasons in one answer: a body can hold a hundred thousand unknown keys."""

_MAX_PATH: Final = 100
"""Characters of a field's path, as an unknown key may have any length."""

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
"""Reasons by pydantic's error type; what is not here keeps pydantic's own words."""


def explain(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Map each wrong field to its reason, without the value that was sent.

    A field goes by its path as the client sent it: `tags.0`; the body itself by `body`.
    """
    details: dict[str, str] = {}
    for error in errors:
        details.setdefault(_path(error["loc"]), _reason(error))
        if len(details) == _MAX_DETAILS:
            break
    return details


def _path(location: tuple[str | int, ...]) -> str:
    """Leave out where the field was (`body`, `query`), unless that is all there is."""
    return ".".join(str(part) for part in location[1:] or location)[:_MAX_PATH]


def _reason(error: Mapping[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    reason = _REASONS.get(kind)
    return reason.format(**context) if reason else str(error["msg"])
