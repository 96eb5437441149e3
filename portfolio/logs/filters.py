"""`--filter`, in the filter pattern syntax of CloudWatch Logs."""

import re
from typing import Final

from infra.errors import CommandLineError

_TERM: Final = r'[?-]?(?:"[^"]*"|\w+)'
_TERMS: Final = re.compile(rf"\s*{_TERM}(?:\s+{_TERM})*\s*", re.ASCII)
"""Words and quoted phrases, with `?` for optional and `-` for excluded ones."""

_PHRASE: Final = re.compile(r'"[^"]*"')
_OPTIONAL: Final = re.compile(r"(?:^|\s)\?")

_OTHER_SYNTAX: Final = {"{": "}", "[": "]", "%": "%"}
"""The first and last characters of patterns on JSON, on columns, and of regular expressions."""


def filter_pattern(text: str | None) -> str:
    """Return the pattern for a user's text; an empty pattern matches every event.

    Text such as `/blogs` becomes a phrase in quotes: outside quotes, CloudWatch Logs
    accepts only letters, digits and `_`.

    Raises:
        CommandLineError: if a bracket or a quote is not closed.
    """
    text = (text or "").strip()
    opening = text[:1]
    if opening in _OTHER_SYNTAX:
        _check_end(text, _OTHER_SYNTAX[opening])
    elif '"' in text:
        if text.count('"') % 2:
            raise CommandLineError(f"--filter '{text}' has a quote that is not closed.")
    elif text and not _TERMS.fullmatch(text):
        return f'"{text}"'
    return text


def searched_text(pattern: str, *, ignore_case: bool) -> re.Pattern[str] | None:
    """Return an expression for the words, phrases or regular expression of a pattern.

    None for patterns on JSON and on columns, and for expressions Python does not know.
    """
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    if pattern.startswith("%"):
        try:
            return re.compile(pattern[1:-1], flags)
        except re.error:
            return None
    if pattern.startswith(tuple(_OTHER_SYNTAX)):
        return None
    terms: list[str] = re.findall(_TERM, pattern, re.ASCII)
    words = [term.removeprefix("?").strip('"') for term in terms if not term.startswith("-")]
    texts = "|".join(re.escape(word) for word in words if word)
    return re.compile(texts, flags) if texts else None


def check_emulated(pattern: str) -> None:
    """Check that the local stage's emulator supports a pattern.

    Raises:
        CommandLineError: if the emulator ignores the pattern, or reads it in another way than AWS.
    """
    if pattern.startswith(tuple(_OTHER_SYNTAX)) or _OPTIONAL.search(_PHRASE.sub("", pattern)):
        raise CommandLineError(
            f"--filter '{pattern}' works in AWS only. On the local stage, use words, \"phrases\" "
            "and -without, or pipe --json into jq."
        )


def _check_end(text: str, closing: str) -> None:
    if len(text) == 1 or not text.endswith(closing):
        raise CommandLineError(
            f"--filter '{text}' begins with {text[0]} and does not end with {closing}. "
            "Close the pattern, or quote a phrase (--filter '\"…\"')."
        )
