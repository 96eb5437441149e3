"""A stack's state in the file backend."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.real.engine.changes import Key

_QUIET: Final = 0.5
"""Seconds without a change; the engine is then considered idle."""

_PATIENCE: Final = 60.0


@dataclass(frozen=True)
class State:
    """A stack between two runs of the engine."""

    resources: dict[Key, dict[str, Any]]
    """Resources with `inputs` and `outputs`; secrets are encrypted."""

    outputs: Mapping[str, Any]
    """The outputs of the stack."""

    pending: list[dict[str, Any]]
    """Operations in progress when the engine was killed."""


def read_state(file: Path) -> State:
    """Read the file of a stack; before its first run it has no resources."""
    latest: dict[str, list[dict[str, Any]]] = json.loads(file.read_text())["checkpoint"]["latest"]
    resources = {
        Key(each["type"], each["urn"].rpartition("::")[2]): each
        for each in latest.get("resources", [])
    }
    stacks = [each for key, each in resources.items() if key.token == "pulumi:pulumi:Stack"]
    outputs: dict[str, Any] = stacks[0].get("outputs", {}) if stacks else {}
    return State(resources, outputs, latest.get("pending_operations", []))


def edit_state(file: Path, edit: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change a stack's resources in the file, between two runs of the engine."""
    state: dict[str, Any] = json.loads(file.read_text())
    edit(state["checkpoint"]["latest"].get("resources", []))
    file.write_text(json.dumps(state))


def change_inputs(resources: list[dict[str, Any]], key: Key, inputs: dict[str, Any]) -> None:
    """Change the inputs of a resource, and the outputs of the same names."""
    for resource in resources:
        if Key(resource["type"], resource["urn"].rpartition("::")[2]) == key:
            resource["inputs"] |= inputs
            resource["outputs"] |= inputs


def wait_until_written(file: Path) -> None:
    """Wait until the engine stops writing; killed before, it would leave half a file."""
    deadline = time.monotonic() + _PATIENCE
    before = b""
    while (now := file.read_bytes()) != before or not _is_complete(now):
        assert time.monotonic() < deadline, "the engine is still writing its state"
        before = now
        time.sleep(_QUIET)


def _is_complete(state: bytes) -> bool:
    try:
        json.loads(state)
    except ValueError:
        return False
    return True
