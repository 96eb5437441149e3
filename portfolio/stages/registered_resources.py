"""Registered resources of a stage, in a form for comparison."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.output import Unknown
from pulumi.runtime import rpc

from infra.settings import StageSettings
from portfolio.engine.recording import Registered, register_stage

type Value = Any
"""A value for JSON."""


@dataclass(frozen=True)
class Resource:
    """A resource of a stage."""

    label: str
    """Service, type and name, such as `dynamodb.Table table`."""

    parent: str | None
    """The label of the component around it."""

    properties: Mapping[str, Value]
    """Inputs, and Pulumi's options as `options`.

    Placeholders replace the stage's name and environment: `<name>`, `<environment>`.
    """


def list_resources(stack: str, settings: StageSettings) -> dict[str, Resource]:
    """Run the program for a stack, and return the registered resources by label.

    Raises:
        PortfolioError: if the program refuses the settings.
    """
    registered = register_stage(stack, settings)
    labels = {each.urn: _label(each) for each in registered}
    return {
        labels[each.urn]: Resource(
            labels[each.urn],
            labels.get(each.parent),
            _clean({**each.inputs, "options": _options(each)}, settings),
        )
        for each in registered
    }


def _label(resource: Registered) -> str:
    """Return the type in the words of the SDK's modules, and the resource's name."""
    package, module, kind = resource.type.split(":")
    service = module.partition("/")[0]
    return f"{package if service == 'index' else service}.{kind} {resource.name}"


def _options(resource: Registered) -> dict[str, Value]:
    return {
        "protect": resource.protect,
        "retainOnDelete": resource.retain_on_delete,
        "beforeDelete": list(resource.delete_hooks),
    }


def _clean(value: Value, settings: StageSettings) -> Value:
    """Return a value for JSON: secrets unwrapped, documents parsed, the stage's name replaced."""
    value = _open(value)
    if isinstance(value, dict):
        items = cast("dict[str, Value]", value).items()
        return {name: _clean(item, settings) for name, item in items}
    if isinstance(value, list):
        return [_clean(item, settings) for item in cast("list[Value]", value)]
    if value == settings.environment:
        return "<environment>"
    return value.replace(settings.name, "<name>") if isinstance(value, str) else _as_json(value)


def _open(value: Value) -> Value:
    if rpc.is_rpc_secret(value):
        return rpc.unwrap_rpc_secret(value)
    if isinstance(value, str) and value.startswith(("{", "[")):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _as_json(value: Value) -> Value:
    """Return a JSON value for an unknown value or an archive."""
    if isinstance(value, Unknown):
        return "<unknown>"
    if isinstance(value, pulumi.FileArchive):
        return value.path
    return value
