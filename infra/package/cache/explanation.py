"""Explain a build: the changes since the previous result."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from infra.package.cache.key import LOCK, PINS, SOURCES, TARGET, Parts, read_parts

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_NAMED: Final = 5
"""Number of changes of a kind to name. Further changes are only counted."""


def explain_build(parts: Parts, earlier: Iterable[Path]) -> str:
    """Return the reason for a build in one line.

    Args:
        parts: the inputs without a cached result.
        earlier: the folders of other results, the last used first.
    """
    recorded = list(filter(None, map(read_parts, earlier)))
    if not recorded:
        return "built for the first time"
    target = [parts.get(name) for name in TARGET]
    alike = (each for each in recorded if [each.get(name) for name in TARGET] == target)
    return f"rebuilt, {'; '.join(_describe_changes(next(alike, recorded[0]), parts))}"


def _describe_changes(before: Parts, now: Parts) -> list[str]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            kinds[_kind(name)].append(name)
    if PINS in kinds:
        kinds.pop(LOCK)
    return [_describe_kind(kind, names, before, now) for kind, names in kinds.items()]


def _kind(name: str) -> str:
    return next((kind for kind in (PINS, SOURCES) if name.startswith(kind)), name)


def _describe_kind(kind: str, names: list[str], before: Parts, now: Parts) -> str:
    if kind == PINS:
        pins = [_describe_value(name.removeprefix(PINS), name, before, now) for name in names]
        return f"{LOCK} changed: {_enumerate(pins)}"
    if kind == SOURCES:
        return _enumerate([f"{name} {_verb(name, before, now)}" for name in names])
    if _SHA256.fullmatch(now.get(kind, "")):
        return f"{kind} changed"
    return f"{kind} changed: {_describe_value('', kind, before, now).strip()}"


def _describe_value(label: str, name: str, before: Parts, now: Parts) -> str:
    values = [parts[name].strip() for parts in (before, now) if name in parts]
    verb = _verb(name, before, now)
    return f"{label} {' → '.join(values)}" + ("" if verb == "changed" else f" {verb}")


def _verb(name: str, before: Parts, now: Parts) -> str:
    if name not in before:
        return "added"
    return "changed" if name in now else "removed"


def _enumerate(items: list[str]) -> str:
    more = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" and {more} more" if more > 0 else "")
