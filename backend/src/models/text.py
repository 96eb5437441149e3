"""The slug of a title, and the time to read a text."""

import math
import re
import unicodedata
from itertools import groupby
from typing import Final

_SLUG_LENGTH: Final = 80
_WORDS_PER_MINUTE: Final = 200
_CHARACTERS_PER_MINUTE: Final = 500

_WITHOUT_BLANKS: Final = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17ff"  # Khmer
    "\u3005-\u3007\u3021-\u3029\u3038-\u303b"  # Han: signs and numbers
    "\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Hiragana, Katakana
    "\u3105-\u312f\u31a0-\u31bf"  # Bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
"""Characters of scripts written without blanks between words, for a regular expression."""

# Compiled on first use: that takes 7 ms, and only new texts need it.
_CHARACTER: Final = f"[{_WITHOUT_BLANKS}]"
_RUN: Final = f"([{_WITHOUT_BLANKS}]+)"
_EAST_ASIAN_PUNCTUATION: Final = re.compile(
    "[\u3000-\u3020\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff65]"
)

_QUOTE_IN_WORD: Final = re.compile(r"(?<=\w)['\"`\u2018-\u201f\u02bc\u05f3\u05f4\uff07](?=\w)")
_ZERO_WIDTH_SPACE: Final = "\u200b"
_INVISIBLE: Final = "Cf"
"""Unicode's category of soft hyphens, joiners and marks of direction: none separates words."""


def read_time(content: str) -> str:
    """Return the time to read a text, rounded up, at least a minute.

    A minute has 200 words, or 500 characters of a script written without blanks.
    """
    characters = len(re.findall(_CHARACTER, content))
    rest = _EAST_ASIAN_PUNCTUATION.sub(" ", re.sub(_CHARACTER, " ", content))
    minutes = len(rest.split()) / _WORDS_PER_MINUTE + characters / _CHARACTERS_PER_MINUTE
    # Not 1.0000000000000002 minutes for a sum of two fractions.
    return f"{max(1, math.ceil(round(minutes, 6)))} min read"


def make_slug(title: str) -> str:
    """Return a title as lower-case ASCII words joined by hyphens, at most 80 characters.

    Letters of every script are transliterated. A title without any gives `post`.
    """
    text = _QUOTE_IN_WORD.sub("", unicodedata.normalize("NFC", title))
    spelled = "".join(_spell(part) for part in re.sub(_RUN, r" \1 ", text).split())
    words = re.sub(r"[^a-z0-9]+", "-", spelled.lower()).strip("-")
    return words[:_SLUG_LENGTH].rstrip("-") or "post"


def _spell(part: str) -> str:
    """Return a text in ASCII, with blanks in place of all but letters and digits."""
    from anyascii import anyascii  # noqa: PLC0415 - only new posts need it

    visible = (each for each in part if not _is_invisible(each))
    spelled = [
        # The apostrophe is a soft sign, or a stop within a word.
        (re.sub("['`]", "", anyascii("".join(run))) or " ") if is_word else " "
        for is_word, run in groupby(visible, _belongs_to_word)
    ]
    return f"{''.join(spelled)} "


def _belongs_to_word(character: str) -> bool:
    """Return True for letters, digits, and marks above or below them."""
    return unicodedata.category(character)[0] in "LMN"


def _is_invisible(character: str) -> bool:
    return character != _ZERO_WIDTH_SPACE and unicodedata.category(character) == _INVISIBLE
