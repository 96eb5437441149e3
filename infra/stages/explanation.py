"""The differences between the stages, held against those that are declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.settings import StageSettings
from infra.stages.comparison import Difference, compare_resources, compare_settings
from infra.stages.differences import DECLARED, Declared
from infra.stages.resources import Resource


@dataclass(frozen=True)
class Explained:
    """A setting that differs, and what it does to the resources."""

    setting: Difference
    reason: str
    effects: list[Difference]


@dataclass(frozen=True)
class Explanation:
    """Every difference between the stages."""

    explained: list[Explained]
    undeclared: list[Difference]
    """Those that nobody has given a reason for."""

    outdated: list[str]
    """What is declared and does not differ: settings and properties."""


def explain_differences(
    settings: Mapping[str, StageSettings],
    resources: Mapping[str, Mapping[str, Resource]],
    declared: Sequence[Declared] = DECLARED,
) -> Explanation:
    """Find every difference between these stages, and what it is for.

    Args:
        settings: of each stage.
        resources: of each stage, by their labels.
        declared: the differences that are meant to be.
    """
    found = {each.subject: each for each in compare_settings(settings)}
    effects = {each.subject: each for each in compare_resources(resources)}
    explained = [
        Explained(
            found[each.setting],
            each.reason,
            [effects[subject] for subject in each.effects if subject in effects],
        )
        for each in declared
        if each.setting in found
    ]
    settled = {subject for each in declared for subject in (each.setting, *each.effects)}
    differing = found | effects
    return Explanation(
        explained,
        [difference for subject, difference in differing.items() if subject not in settled],
        sorted(settled - differing.keys()),
    )
