"""`--filter`, in the filter pattern syntax of CloudWatch Logs."""

import re
from typing import Final

from infra.errors import LogsError

_TERM: Final = r'[?-]?(?:"[^"]*"|\w+)'
_TERMS: Final = re.compile(rf"\s*{_TERM}(?:\s+{_TERM})*\s*", re.ASCII)
"""Words, phrases in quotes, and the signs for optional and excluded ones."""

_PHRASE: Final = re.compile(r'"[^"]*"')
_OPTIONAL: Final = re.compile(r"(?:^|\s)\?")

_OTHER_SYNTAX: Final = {"{": "}", "[": "]", "%": "%"}
"""What patterns on JSON, on columns and regular expressions begin and end with."""


def filter_pattern(text: str | None) -> str:
    """The pattern that finds what a user typed; an empty one finds everything.

    Text that is no pattern, like `/v1/blog/posts`, is taken as a phrase: CloudWatch Logs
    refuses terms with other characters than letters, digits and `_` outside quotes.

    Raises:
        LogsError: if a bracket or a quote is open at the end.
    """
    text = (text or "").strip()
    opening = text[:1]
    if opening in _OTHER_SYNTAX:
        _check_end(text, _OTHER_SYNTAX[opening])
    elif '"' in text:
        if text.count('"') % 2:
            raise LogsError(f"--filter '{text}' has a quote that is not closed.")
    elif text and not _TERMS.fullmatch(text):
        return f'"{text}"'
    return text


def check_emulated(pattern: str) -> None:
    """See that a pattern is one that the local stage's log group knows.

    Raises:
        LogsError: if it would be ignored, or understood in another way than in AWS.
    """
    if pattern.startswith(tuple(_OTHER_SYNTAX)) or _OPTIONAL.search(_PHRASE.sub("", pattern)):
        raise LogsError(
            f"--filter '{pattern}' is for a stage in AWS: the emulator knows words, \"phrases\" "
            "and -without alone. Or pipe --json into jq."
        )


def _check_end(text: str, closing: str) -> None:
    if len(text) == 1 or not text.endswith(closing):
        raise LogsError(
            f"--filter '{text}' begins like a pattern in {text[0]} … {closing}, and does not end "
            "with that: quote a phrase (--filter '\"…\"')."
        )
