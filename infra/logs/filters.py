"""`--filter`, in the filter pattern syntax of CloudWatch Logs."""

import re
from typing import Final

_TERM: Final = r'[?-]?(?:"[^"]*"|\w+)'
_TERMS: Final = re.compile(rf"\s*{_TERM}(?:\s+{_TERM})*\s*", re.ASCII)
"""Words, phrases in quotes, and the signs for optional and excluded ones."""

_OTHER_SYNTAX: Final = ("{", "[", "%")
"""What patterns on JSON, on columns and regular expressions begin with."""


def filter_pattern(text: str | None) -> str:
    """The pattern that finds what a user typed; an empty one finds everything.

    Text that is no pattern, like `/v1/blog/posts`, is taken as a phrase: CloudWatch Logs
    refuses terms with other characters than letters, digits and `_` outside quotes.
    """
    text = (text or "").strip()
    if not text or text.startswith(_OTHER_SYNTAX) or '"' in text or _TERMS.fullmatch(text):
        return text
    return f'"{text}"'
