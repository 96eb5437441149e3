"""Every difference between the stages: of their settings, and of what is registered for them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from infra.settings import StageSettings, load_stage_settings
from infra.settings.files import stack_of
from infra.settings.problems import KEYS
from portfolio.stages.registered_resources import Resource, Value, list_resources

STAGES: Final = ("local", "preview", "dev", "prod")
"""From the nearest to the one the world sees."""


@dataclass(frozen=True)
class Difference:
    """What is not the same in all stages."""

    subject: str
    """A setting's key, a resource, or a resource's property: `<service>.<Type> <name>: <path>`."""

    values: Mapping[str, Value]
    """By stage, of those that have the setting or resource; whether there is one, of a resource."""


def load_all_settings() -> dict[str, StageSettings]:
    """The settings of every stage.

    Raises:
        SettingsError: with all that is wrong in the first file that is bad.
    """
    return {stage: load_stage_settings(stack_of(stage)) for stage in STAGES}


def list_all_resources(
    settings: Mapping[str, StageSettings],
) -> dict[str, Mapping[str, Resource]]:
    """What the program registers for each of these stages, by labels.

    Raises:
        PortfolioError: whatever the program refuses.
    """
    return {stage: list_resources(stack_of(stage), each) for stage, each in settings.items()}


def compare_settings(settings: Mapping[str, StageSettings]) -> list[Difference]:
    """The settings that differ, in the order in which they are declared."""
    dumped = {
        stage: each.model_dump(by_alias=True, mode="json") for stage, each in settings.items()
    }
    return [
        difference
        for key in KEYS
        for difference in _compare_values(key, {stage: dumped[stage][key] for stage in dumped})
    ]


def compare_resources(resources: Mapping[str, Mapping[str, Resource]]) -> list[Difference]:
    """The properties that differ, and the resources that some stage does not have.

    Of a component that is missing, its children are not told too.

    Args:
        resources: of each stage, by their labels.
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
    """The parts of these values that differ, or the whole where they have no parts in common."""
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
    """Whether these are lists of as many objects each."""
    return all(isinstance(value, list) for value in values) and all(
        len(value) == len(values[0]) and all(isinstance(item, dict) for item in value)
        for value in values
    )
