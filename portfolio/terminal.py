"""Output of the commands: plain lines, in colour on a terminal."""

from collections.abc import Iterable
from itertools import accumulate
from typing import override

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Span, Text

from infra.printable import printable_lines


class Terminal:
    """Standard output for results, standard error for errors.

    Characters that are not printable are escaped: paths, names in AWS and the output of other
    programs come from outside. Newlines are kept, so pass text from outside that belongs on one
    line through `infra.printable.printable` first.
    """

    def __init__(self) -> None:
        """Take the colours that the terminal has."""
        self._out = _EscapingConsole(soft_wrap=True, highlight=False, markup=False, emoji=False)
        self._err = _EscapingConsole(
            soft_wrap=True, highlight=False, markup=False, emoji=False, stderr=True
        )

    def say(self, line: str | Text = "", style: str = "") -> None:
        """Print a line as it is."""
        self._out.print(_escape(line) if isinstance(line, Text) else _text(line, style))

    def show(self, content: RenderableType) -> None:
        """Print tables and the like, fitted to the width of the terminal."""
        self._out.print(content, soft_wrap=False)

    def step(self, line: str) -> None:
        """Print a line about work going on."""
        self._out.print(Text("· ", "dim"), _text(line), sep="")

    def note(self, line: str) -> None:
        """Print a line of another program on standard error."""
        self._err.print(_text(line.rstrip("\n")))

    def warn(self, line: str) -> None:
        """Print a problem that does not end the command."""
        self._out.print(Text("! ", "bold yellow"), _text(line), sep="")

    def fail(self, line: str) -> None:
        """Print the error that ends the command."""
        self._err.print(Text("error: ", "bold red"), _text(line), sep="")


class _EscapingConsole(Console):
    """Escapes what is not printable in all that it renders, the cells of tables included."""

    @override
    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield (
                segment
                if segment.control
                else Segment(printable_lines(segment.text), segment.style)
            )


def _text(line: str, style: str = "") -> Text:
    # Escaped first: a Text leaves out some control characters without a trace.
    return Text(printable_lines(line), style)


def _escape(text: Text) -> Text:
    """Escape a text, and keep the styles of its parts."""
    ends = [0, *accumulate(len(printable_lines(each)) for each in text.plain)]
    escaped = text.blank_copy(printable_lines(text.plain))
    escaped.spans = [Span(ends[span.start], ends[span.end], span.style) for span in text.spans]
    return escaped
