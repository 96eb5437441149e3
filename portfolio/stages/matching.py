"""The differences between the stages, held against those that are declared."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.settings import StageSettings
from portfolio.stages.declared_differences import DECLARED, Declared
from portfolio.stages.found_differences import Difference, compare_resources, compare_settings
from portfolio.stages.registered_resources import Resource


@dataclass(frozen=True)
class Explained:
    """Settings that differ, and what they do to the resources."""

    settings: list[Difference]
    reason: str
    effects: dict[str, list[Difference]]
    """By the words in which they are declared."""

    def differences(self) -> list[Difference]:
        """All of them, of settings and of resources."""
        return [*self.settings, *(each for found in self.effects.values() for each in found)]


@dataclass(frozen=True)
class Explanation:
    """Every difference between the stages."""

    explained: list[Explained]
    undeclared: list[Difference]
    """Those that nobody has given a reason for."""

    outdated: list[str]
    """What is declared and does not differ."""


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
