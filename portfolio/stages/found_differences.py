"""Search for differences between the stages, in their settings and registered resources."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from infra.settings import StageSettings, load_stage_settings
from infra.settings.files import stack_of
from infra.settings.problems import KEYS
from portfolio.stages.registered_resources import Resource, Value, list_resources

STAGES: Final = ("local", "preview", "dev", "prod")
"""The stages in the order of the table, from the developer's machine to production."""


@dataclass(frozen=True)
class Difference:
    """A setting, resource or property with different values in the stages."""

    subject: str
    """A setting's key, a resource (`<service>.<Type> <name>`), or a resource's property
    (`<service>.<Type> <name>: <path>`)."""

    values: Mapping[str, Value]
    """Values by stage. Stages without the setting or resource are left out.

    The value of a resource is True if the stage has it.
    """


def load_all_settings() -> dict[str, StageSettings]:
    """Return the settings of every stage.

    Raises:
        SettingsError: if a file is wrong. The message lists all problems of the first wrong file.
    """
    return {stage: load_stage_settings(stack_of(stage)) for stage in STAGES}


def list_all_resources(
    settings: Mapping[str, StageSettings],
) -> dict[str, Mapping[str, Resource]]:
    """Run the program for each stage, and return the resources by stage and label.

    Raises:
        PortfolioError: if the program refuses the settings.
    """
    return {stage: list_resources(stack_of(stage), each) for stage, each in settings.items()}


def compare_settings(settings: Mapping[str, StageSettings]) -> list[Difference]:
    """Return the different settings, in the order of the settings model."""
    dumped = {
        stage: each.model_dump(by_alias=True, mode="json") for stage, each in settings.items()
    }
    return [
        difference
        for key in KEYS
        for difference in _compare_values(key, {stage: dumped[stage][key] for stage in dumped})
    ]


def compare_resources(resources: Mapping[str, Mapping[str, Resource]]) -> list[Difference]:
    """Return the different properties, and the resources missing in a stage.

    The children of a missing component are left out.

    Args:
        resources: the resources by stage and label.
    """
    labels = sorted({label for of_stage in resources.values() for label in of_stage})
    return [each for label in labels for each in _compare_resource(label, resources)]


def _compare_resource(
    label: str, resources: Mapping[str, Mapping[str, Resource]]
) -> Iterator[Difference]:
    found = {stage: each[label] for stage, each in resources.items() if label in each}
    parent = next(iter(found.values())).parent
    present = {stage: label in each for stage, each in resources.items()}
    if present != {stage: parent in each for stage, each in resources.items()}:
        yield from _compare_values(label, present)
    properties = {stage: resource.properties for stage, resource in found.items()}
    for name in sorted({name for each in properties.values() for name in each}):
        values = {stage: each.get(name) for stage, each in properties.items()}
        yield from _compare_values(f"{label}: {name}", values)


def _compare_values(subject: str, values: Mapping[str, Value]) -> Iterator[Difference]:
    """Return the different parts, or the complete values if they have no parts in common."""
    if len({json.dumps(value, sort_keys=True) for value in values.values()}) == 1:
        return
    if all(isinstance(value, dict) for value in values.values()):
        for name in sorted({name for value in values.values() for name in value}):
            parts = {stage: value.get(name) for stage, value in values.items()}
            yield from _compare_values(f"{subject}.{name}", parts)
    elif _are_alike(list(values.values())):
        for index in range(len(next(iter(values.values())))):
            parts = {stage: value[index] for stage, value in values.items()}
            yield from _compare_values(f"{subject}[{index}]", parts)
    else:
        yield Difference(subject, values)


def _are_alike(values: list[Value]) -> bool:
    """Return True if all values are lists of the same number of objects."""
    return all(isinstance(value, list) for value in values) and all(
        len(value) == len(values[0]) and all(isinstance(item, dict) for item in value)
        for value in values
    )
