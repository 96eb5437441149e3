"""Hooks of Schemathesis: they leave out requests that the schema cannot describe."""

from typing import Any, Final, cast

import schemathesis

_LISTS: Final = {"tags": 20, "tech": 50}
"""Limits of lists without repeated and empty texts; JSON Schema has no such limit."""


@schemathesis.hook
def filter_query(_context: schemathesis.HookContext, query: dict[str, Any] | None) -> bool:
    """Leave out a parameter without a value: it counts as absent, of whatever type it is."""
    return not query or not any(map(_has_no_text, query.values()))


def _has_no_text(value: object) -> bool:
    """Return True for a value that is sent as `limit=`, or not at all; a mapping sends its keys."""
    if isinstance(value, list | dict):
        return all(map(_has_no_text, cast("list[object]", value)))
    return value in ("", None)


@schemathesis.hook
def filter_body(_context: schemathesis.HookContext, body: object) -> bool:
    """Leave out lists that are only valid without their repeated and empty texts."""
    values = cast("dict[str, object]", body) if isinstance(body, dict) else {}
    return not any(
        isinstance(found := values.get(name), list) and len(cast("list[object]", found)) > limit
        for name, limit in _LISTS.items()
    )
