"""What someone probably meant."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word most like this one, whatever its case, hyphens and underscores."""
    spelt = {_letters(each): each for each in known}
    matches = get_close_matches(_letters(word), spelt, n=1, cutoff=cutoff)
    return spelt[matches[0]] if matches else None


def neighbours(number: float, known: Sequence[int]) -> list[int]:
    """The numbers next to this one, below and above it, in ascending order."""
    below = [each for each in known if each < number]
    above = [each for each in known if each > number]
    return [*sorted(below)[-1:], *sorted(above)[:1]]


def _letters(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
