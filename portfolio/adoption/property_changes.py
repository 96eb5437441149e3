"""Comparison of an existing resource's properties with the program's."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from infra.settings import StageSettings

type Properties = Mapping[str, Any]
"""Properties by the names of Pulumi's inputs."""


def camel(value: object) -> Any:  # noqa: ANN401 - AWS's answer
    """Turn AWS's PascalCase keys into Pulumi's camelCase, at every depth."""
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {name[:1].lower() + name[1:]: camel(item) for name, item in items}
    if isinstance(value, list):
        return [camel(item) for item in cast("list[object]", value)]
    return value


def find_changes(found: Properties, wanted: Properties, *names: str) -> list[str]:
    """Return the differences among these properties: name, present value and new value."""
    return [
        f"{name} {_show(found.get(name))} → {_show(wanted.get(name))}"
        for name in names
        if not _covers(found.get(name), wanted.get(name))
    ]


def read_tags(listed: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the tags in a service's list of `Key` and `Value` as a dictionary."""
    return {tag["Key"]: tag.get("Value", "") for tag in listed}


def are_ours(tags: Mapping[str, str], settings: "StageSettings") -> bool:
    """Return True if the tags mark a resource as created or adopted by the stage."""
    return settings.tags.items() <= tags.items()


def find_other_stage(tags: Mapping[str, str], settings: "StageSettings") -> str | None:
    """Return the environment in the tags, if they are those of another stage of this project."""
    other = tags.get("environment")
    if other in (None, settings.environment):
        return None
    return other if {**settings.tags, "environment": other}.items() <= tags.items() else None


def _covers(found: object, wanted: object) -> bool:
    """Return True if all wanted values are present. AWS may add defaults."""
    if isinstance(wanted, dict):
        have: Any = found or {}
        parts = cast("dict[str, object]", wanted).items()
        return all(_covers(have.get(name), part) for name, part in parts)
    if isinstance(wanted, list):
        return _sorted(found or []) == _sorted(cast("object", wanted))
    return found == wanted or (not found and not wanted)


def _sorted(value: Any) -> list[str]:  # noqa: ANN401 - AWS's answer
    return sorted(json.dumps(each, sort_keys=True) for each in value)


def _show(value: Any) -> str:  # noqa: ANN401 - AWS's answer
    return "—" if value in (None, [], {}, "") else json.dumps(value, ensure_ascii=False)
