"""Reasons for wrong input, made from pydantic's errors."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_REASONS: Final = {
    "missing": "is required",
    "string_type": "must be text",
    "string_pattern_mismatch": "has the wrong form",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is out of range",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "dict_type": "must be an object",
    "extra_forbidden": "is unknown",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}
"""Reasons by pydantic's error type; others have pydantic's own message."""

_LENGTHS: Final = {
    "string_too_short": ("at least", "min_length", "character"),
    "string_too_long": ("at most", "max_length", "character"),
    "too_short": ("at least", "min_length", "item"),
    "too_long": ("at most", "max_length", "item"),
}
"""Bound, its name in the error, and the counted unit, by pydantic's error type."""

_TEXT: Final = "Value"
"""Name of a `SecretStr` in pydantic's errors of length; its unit there is the item."""


def explain(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the reason for each wrong field, without the value sent.

    The key is the field's path as the client sent it, such as `tags.0`, or `body` for the body.
    """
    details: dict[str, str] = {}
    for error in errors:
        details.setdefault(_path(error["loc"]), _reason(error))
    return details


def _path(location: tuple[str | int, ...]) -> str:
    """Return the path without its place (`body`, `query`), unless it has nothing else."""
    return ".".join(str(part) for part in location[1:] or location)


def _reason(error: Mapping[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in _LENGTHS:
        return _length(kind, context)
    if kind == "string_type" and error.get("input") == "":
        # An empty `SecretStr`.
        return "must not be empty"
    reason = _REASONS.get(kind)
    return reason.format(**context) if reason else str(error["msg"])


def _length(kind: str, context: Mapping[str, Any]) -> str:
    bound, name, unit = _LENGTHS[kind]
    limit: int = context[name]
    if (bound, limit) == ("at least", 1):
        return "must not be empty"
    if context.get("field_type") == _TEXT:
        unit = "character"
    return f"must have {bound} {limit:,} {unit}{'' if limit == 1 else 's'}"
