"""What Lambda writes around the function's own lines (text format), put briefly."""

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
    """A line of Lambda's; None if it is somebody else's."""
    form = _FORM.match(text)
    if form is None:
        return None
    kind, request_id = form[1] or form[3], form[2]
    fields = {name: value.strip() for name, value in _FIELD.findall(text[form.end() :])}
    troubled = "Status" in fields and fields["Status"] != "success"
    return Line(
        LABEL,
        ", ".join(_words(kind, fields)),
        "error" if troubled else "chatter",
        function_request_id=request_id,
    )


def tells_nothing(text: str) -> bool:
    """Whether it is one of the lines that only enclose an invocation."""
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
