"""Traces as text: a line for the request, and its segments as a tree with bars."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from portfolio.logs.render import local_time, shorten_id
from portfolio.tables.cells import cut_middle
from portfolio.terminal import printable
from portfolio.traces.segments import COLD_STARTS

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions

    from portfolio.traces.search import TracedRequest
    from portfolio.traces.segments import Segment, Trace

_INDENT: Final = "  "
_TIME_WIDTH: Final = 9
"""The columns of a duration: Lambda ends after 900,000 ms."""

_WIDEST: Final = 100
"""The columns of a tree in a wide terminal: a bar far from its name is hard to follow."""

_SHORTEST_BAR: Final = 12
_EXACT: Final = 10
"""Milliseconds below which tenths are shown."""


def render_request(traced: "TracedRequest") -> Text:
    """Render the first line: time, request, duration, cold start and id."""
    trace, request = traced.trace, traced.request
    name = f"{request.method} {request.path} {request.status}" if request else "no access log line"
    starts = (f"  {COLD_STARTS[each.name]} {_duration(each)}" for each in trace.cold_starts)
    known = request.request_id if request else trace.function_request_id
    return Text.assemble(
        (local_time(int(1000 * trace.start)), "dim"),
        " ",
        (printable(name), "bold red" if traced.has_failed else "bold"),
        f"  {_milliseconds(trace.end - trace.start)}",
        ("".join(starts), "yellow"),
        "  ",
        (printable(shorten_id(known or trace.id)), "cyan"),
    )


def render_json(traced: "TracedRequest") -> str:
    """Return a trace with its request and X-Ray's segment documents, as JSON on one line."""
    trace, request = traced.trace, traced.request
    report: dict[str, Any] = {
        "Id": trace.id,
        "Duration": round(trace.end - trace.start, 6),
        "Request": request and asdict(request),
        "Segments": trace.documents,
    }
    return json.dumps(report)


@dataclass(frozen=True)
class SegmentTree:
    """The segments of a trace: name, duration, and a bar from its start to its end."""

    trace: "Trace"

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> Iterable[Text]:
        """Draw a line for each segment, with the reasons of its failure below it."""
        columns = min(options.max_width, _WIDEST)
        width = max(_SHORTEST_BAR, columns // 4)
        names = columns - width - _TIME_WIDTH - len(_INDENT)
        for root in self.trace.roots:
            yield from self._draw(root, _INDENT, names, width)

    def _draw(self, segment: "Segment", indent: str, names: int, width: int) -> Iterator[Text]:
        name = _name(segment, names - len(indent))
        yield Text.assemble(
            indent,
            name,
            " " * (names - len(indent) - len(name)),
            f"{_duration(segment):>{_TIME_WIDTH}}{_INDENT}",
            (self._bar(segment, width), _style(segment)),
            no_wrap=True,
            overflow="crop",
        )
        for reason in segment.reasons:
            yield Text(f"{indent}{_INDENT}{printable(reason)}", "red")
        for child in segment.children:
            yield from self._draw(child, indent + _INDENT, names, width)

    def _bar(self, segment: "Segment", width: int) -> str:
        scale = width / max(self.trace.end - self.trace.start, 1e-9)
        start = min(int(scale * (segment.start - self.trace.start)), width - 1)
        length = round(scale * segment.duration)
        return " " * start + ("█" * min(length, width - start) or "▏")


def _name(segment: "Segment", width: int) -> Text:
    marks = "".join(f" {mark}" for mark in segment.marks)
    name = cut_middle(Text(printable(segment.name)), max(0, width - len(marks)))
    return Text.assemble(name, (marks, "bold red"))


def _style(segment: "Segment") -> str:
    if segment.marks:
        return "red"
    return "yellow" if segment.name in COLD_STARTS else "blue"


def _duration(segment: "Segment") -> str:
    return "…" if "unfinished" in segment.marks else _milliseconds(segment.duration)


def _milliseconds(seconds: float) -> str:
    milliseconds = 1000 * seconds
    return f"{milliseconds:.{0 if milliseconds >= _EXACT else 1}f} ms"
