"""Estimated widths of text: the reader's font is unknown."""

from collections.abc import Sequence
from typing import Final
from unicodedata import east_asian_width

_NARROW: Final = frozenset("ijl.,:;'|!·()[]ftI -/")
_WIDE: Final = frozenset("mwMW@%")
_WIDTHS: Final = (0.36, 0.56, 0.7, 0.9)
"""Widths of narrow, plain, capital and wide characters, as parts of the font's size."""


def text_width(text: str, size: float) -> float:
    """Return the width of a line in pixels, a little more than Arial's.

    Args:
        text: one line.
        size: the font's size in pixels.
    """
    return size * sum(map(_width, text))


def wrap(items: Sequence[str], separator: str, size: float, width: float) -> list[str]:
    """Join the items into lines of a limited width; a longer item gets its own line.

    Args:
        items: the texts that stay in one piece.
        separator: the text between two items; it ends a line before the next one.
        size: the font's size in pixels.
        width: the widest line in pixels.
    """
    lines: list[str] = []
    for index, item in enumerate(items):
        piece = item + (separator if index < len(items) - 1 else "")
        if lines and text_width(lines[-1] + piece.rstrip(), size) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip(" ·") for line in lines]


def _width(character: str) -> float:
    narrow, plain, capital, wide = _WIDTHS
    if character in _NARROW:
        return narrow
    if character in _WIDE or east_asian_width(character) in "WF":
        return wide
    return capital if character.isupper() else plain
