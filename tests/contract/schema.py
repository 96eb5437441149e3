"""Operations of the committed schema, to find those missing from a list of these tests."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from infra.paths import OPENAPI

type Json = dict[str, Any]


def operations() -> dict[str, Json]:
    """Return the operations of the schema by name, such as `GET /projects/{id}`."""
    paths: dict[str, dict[str, Json]] = json.loads(OPENAPI.read_text())["paths"]
    return {
        f"{method.upper()} {path}": operation
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


def missing_operations(listed: Iterable[str], chosen: Callable[[Json], bool]) -> list[str]:
    """Return the chosen operations of the schema without a call in the list.

    Args:
        listed: calls such as `GET /projects/6f1c…`.
        chosen: returns True for an operation to look for, from its description in the schema.
    """
    found = operations()
    calls = set(listed)
    # A fixed path such as `/projects/newest` is not an example of `/projects/{id}`.
    examples = calls - found.keys()
    return [
        name
        for name, operation in found.items()
        if chosen(operation) and name not in calls and not _has_example(name, examples)
    ]


def _has_example(name: str, examples: set[str]) -> bool:
    pattern = re.sub(r"\{\w+\}", "[^/]+", name)
    return any(re.fullmatch(pattern, example) for example in examples)
