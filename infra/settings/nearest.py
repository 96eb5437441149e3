"""Suggestions for misspelled words and wrong numbers."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """Return the most similar known word, ignoring case, hyphens and underscores."""
    spelt = {_letters(each): each for each in known}
    matches = get_close_matches(_letters(word), spelt, n=1, cutoff=cutoff)
    return spelt[matches[0]] if matches else None


def neighbours(number: float, known: Sequence[int]) -> list[int]:
    """Return the nearest known numbers below and above this one, in ascending order."""
    below = [each for each in known if each < number]
    above = [each for each in known if each > number]
    return [*sorted(below)[-1:], *sorted(above)[:1]]


def _letters(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
