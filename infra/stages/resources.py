"""What the program registers for a stage, in a form that can be held against another stage's."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.output import Unknown
from pulumi.runtime import rpc

from infra.recording import Registered, register_stage
from infra.settings import StageSettings

type Value = Any
"""What JSON holds."""


@dataclass(frozen=True)
class Resource:
    """A resource of a stage."""

    label: str
    """Service, type and name: `dynamodb.Table table`."""

    parent: str | None
    """The label of its component."""

    properties: Mapping[str, Value]
    """Values by the path that leads to them; what carries the stage's name is anonymous."""


def list_resources(stack: str, settings: StageSettings) -> dict[str, Resource]:
    """The resources that the program registers for a stack, by their labels.

    Raises:
        PortfolioError: whatever the program refuses.
    """
    registered = register_stage(stack, settings)
    labels = {each.urn: _label(each) for each in registered}
    return {
        labels[each.urn]: Resource(
            labels[each.urn],
            labels.get(each.parent),
            {path: _anonymous(value, settings) for path, value in _properties(each)},
        )
        for each in registered
    }


def _label(resource: Registered) -> str:
    """The type as the SDK's modules name it, and the resource's name."""
    package, module, kind = resource.type.split(":")
    service = module.partition("/")[0]
    return f"{package if service == 'index' else service}.{kind} {resource.name}"


def _properties(resource: Registered) -> Iterator[tuple[str, Value]]:
    yield "options.protect", resource.protect
    yield from _leaves(resource.inputs)


def _leaves(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    """Every value that holds no others, with secrets and JSON documents opened."""
    value = _open(value)
    if isinstance(value, dict) and value:
        for name, item in cast("dict[str, Value]", value).items():
            yield from _leaves(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and _holds_others(value := cast("list[Value]", value)):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{path}[{index}]")
    else:
        yield path, _spell(value)


def _holds_others(items: Sequence[Value]) -> bool:
    return any(isinstance(item, (dict, list)) for item in items)


def _open(value: Value) -> Value:
    if rpc.is_rpc_secret(value):
        return rpc.unwrap_rpc_secret(value)
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _spell(value: Value) -> Value:
    """What JSON cannot hold, or holds as a float, in a way that it can."""
    if isinstance(value, Unknown):
        return "<unknown>"
    if isinstance(value, pulumi.FileArchive):
        return value.path
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _anonymous(value: Value, settings: StageSettings) -> Value:
    if value == settings.environment:
        return "<environment>"
    if isinstance(value, str):
        return value.replace(settings.name, "<name>")
    if isinstance(value, list):
        return [_anonymous(item, settings) for item in cast("Sequence[Value]", value)]
    return value
