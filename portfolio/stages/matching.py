"""Matching of found differences with declared ones."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.settings import StageSettings
from portfolio.stages.declared_differences import DECLARED, Declared
from portfolio.stages.found_differences import Difference, compare_resources, compare_settings
from portfolio.stages.registered_resources import Resource


@dataclass(frozen=True)
class Explained:
    """A declaration with the differences found for it."""

    settings: list[Difference]
    reason: str
    effects: dict[str, list[Difference]]
    """Differences of the resources, by the declared pattern."""

    def differences(self) -> list[Difference]:
        """Return the differences of the settings and of the resources."""
        return [*self.settings, *(each for found in self.effects.values() for each in found)]


@dataclass(frozen=True)
class Explanation:
    """Every difference between the stages."""

    explained: list[Explained]
    undeclared: list[Difference]
    """Differences without a declared reason."""

    outdated: list[str]
    """Declared settings and patterns without a difference."""

    def problems(self) -> list[str]:
        """Return a sentence without a full stop for each undeclared or outdated difference."""
        return [
            *(f"{each.subject} differs but is not declared" for each in self.undeclared),
            *(f"{subject} is declared but does not differ" for subject in self.outdated),
        ]


def explain_differences(
    settings: Mapping[str, StageSettings],
    resources: Mapping[str, Mapping[str, Resource]],
    declared: Sequence[Declared] = DECLARED,
) -> Explanation:
    """Find the differences between the stages, and match them with the declared ones.

    Args:
        settings: the settings by stage.
        resources: the resources by stage and label.
        declared: the intended differences.
    """
    differing, effects = compare_settings(settings), compare_resources(resources)
    explained = [
        Explained(
            [each for each in differing if each.subject in entry.settings],
            entry.reason,
            {words: _find(words, effects) for words in entry.effects},
        )
        for entry in declared
    ]
    settled = {each.subject for entry in explained for each in entry.differences()}
    undeclared = [each for each in [*differing, *effects] if each.subject not in settled]
    keys = [key for entry in declared for key in entry.settings if key not in settled]
    words = [words for entry in explained for words, found in entry.effects.items() if not found]
    return Explanation(explained, undeclared, [*keys, *words])


def _find(words: str, differences: Sequence[Difference]) -> list[Difference]:
    pattern = re.escape(words).replace(r"\*", ".*")
    return [each for each in differences if re.fullmatch(pattern, each.subject)]
