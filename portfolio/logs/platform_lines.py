"""Short forms of the lines Lambda adds around the function's own (text format)."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from portfolio.logs.line import Line

LABEL: Final = "lambda"

_FORM: Final = re.compile(
    r"(START|END|REPORT) RequestId: (\S+)|(INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT)\b"
)
_FIELD: Final = re.compile(r"([A-Z][A-Za-z ]*): ([^\t\n]+)")


def parse_platform_line(text: str) -> Line | None:
    """Parse a line of Lambda, or return None for any other line."""
    form = _FORM.match(text)
    if form is None:
        return None
    kind, request_id = form[1] or form[3], form[2]
    fields = {name: value.strip() for name, value in _FIELD.findall(text[form.end() :])}
    has_failed = "Status" in fields and fields["Status"] != "success"
    return Line(
        LABEL,
        ", ".join(_words(kind, fields)),
        "error" if has_failed else "chatter",
        function_request_id=request_id,
    )


def is_start_or_end(text: str) -> bool:
    """Return True for the start and end lines of an invocation."""
    return re.match(r"(?:START|END) RequestId: \S+", text) is not None


def _words(kind: str, fields: Mapping[str, str]) -> Iterator[str]:
    if kind in {"INIT_START", "RESTORE_START"}:
        yield f"cold start of {fields.get('Runtime Version', 'the function')}"
    elif kind in {"START", "END"}:
        yield kind.lower()
    for name, word in _DURATIONS.items():
        if name in fields:
            yield f"{word} {fields[name]}"
    if "Max Memory Used" in fields:
        yield f"memory {fields['Max Memory Used'].removesuffix(' MB')} of {fields['Memory Size']}"
    for name in ("Status", "Error Type"):
        if name in fields:
            yield f"{name.lower()} {fields[name]}"


_DURATIONS: Final = {
    "Duration": "took",
    "Init Duration": "cold start",
    "Restore Duration": "restored in",
    "Billed Duration": "billed",
}
