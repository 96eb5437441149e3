"""What uv says when it fails, in a line."""

import re

_CAUSE = re.compile(r"^\s*(?:error|cause):\s*(.*)$", re.MULTILINE)


def summarise(stderr: str) -> str:
    """The outcome and its root cause, without uv's progress, indents and hints."""
    causes = [cause.rstrip(".") for cause in _CAUSE.findall(stderr)]
    if not causes:
        return stderr.strip() or "uv failed without a word"
    first, last = causes[0], causes[-1]
    return first if first == last else f"{first}: {last}"
