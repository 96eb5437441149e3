"""Output of the commands: plain lines, in colour on a terminal."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from getpass import getpass
from itertools import accumulate
from threading import Timer
from typing import Any, Final, override

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.prompt import Confirm
from rich.segment import Segment
from rich.text import Span, Text

from infra.processes.interruption import undisturbed
from infra.processes.printable import (
    printable,
    printable_lines,
    printable_message,
    without_secret,
)
from infra.processes.streams import find_failed_output

_ROW_INDENT: Final = 4
"""Columns before the second and further rows of a long line."""

_SLOW: Final = 1.0
"""Seconds until work is named where there is no terminal for a spinner."""


class Terminal:
    """Standard output for results, standard error for progress, warnings, questions and errors.

    Non-printable characters are escaped, because paths, names in AWS and the output of other
    programs come from outside. Newlines stay; in a message, further lines are indented. Pass
    outside text for a single line through `printable` first.
    """

    def __init__(self) -> None:
        """Use the colours of the terminal."""
        self._out = _EscapingConsole(soft_wrap=True, highlight=False, markup=False, emoji=False)
        self._err = _EscapingConsole(
            soft_wrap=True, highlight=False, markup=False, emoji=False, stderr=True
        )
        self._show_work: Callable[[str], None] | None = None

    def say(self, line: str | Text = "", style: str = "") -> None:
        """Print a line."""
        self._out.print(_escape_styled(line) if isinstance(line, Text) else _text(line, style))

    def say_indented(self, text: Text) -> None:
        """Print lines of a log; on a terminal, the rest of a long line is indented below it."""
        if not self._out.is_terminal:
            self.say(text)
            return
        for line in _escape_styled(text).split("\n"):
            for row in _split_into_rows(line, self._out):
                self._out.print(row)

    def show(self, content: RenderableType) -> None:
        """Print a table or tree, fitted to the width of the terminal."""
        self._out.print(content, soft_wrap=False)

    def step(self, line: str) -> None:
        """Print a line of progress."""
        self._err.print(Text("· ", "dim"), _message(line), sep="")

    def begin(self, line: str) -> "Terminal":
        """Print a line of progress before the first slow step, on a terminal only.

        Without a terminal, the output is for a program or a log.
        """
        if self._err.is_terminal:
            self.step(line)
        return self

    def confirm(self, question: str) -> bool:
        """Ask a question on the terminal; return True for yes, False for no or no answer."""
        return Confirm.ask(_text(question), console=self._err, default=False)

    def ask_password(self, question: str, *, confirm: bool, kind: str = "password") -> str:
        """Ask for a password, or another kind of secret, until it is not empty and confirmed.

        The terminal shows no echo.
        """
        while True:
            password = getpass(f"{printable_lines(question)}: ")
            if password and (not confirm or getpass("Repeat it for confirmation: ") == password):
                return password
            self.warn(f"The {kind}s differ." if password else f"The {kind} is empty.")

    @contextmanager
    def progress(self, title: str, total: int | None) -> Generator[Callable[[], None]]:
        """Show a progress bar on standard error inside the block, if that is a terminal.

        The block gets a function to call after each of the steps.

        Args:
            title: the work, in a few words.
            total: the number of steps, or None if it is unknown.
        """
        columns = _column("{task.description}"), BarColumn(), MofNCompleteColumn()
        hidden = not self._err.file.isatty()
        with Progress(*columns, console=self._err, transient=True, disable=hidden) as bar:
            task = bar.add_task(printable(title), total=total)
            yield lambda: bar.advance(task)

    @contextmanager
    def working(self, work: str) -> Generator[None]:
        """Show the work inside the block on standard error, with a spinner and its seconds.

        `doing` changes the shown work. Where there is no terminal, work gets a line if it takes
        more than a second. End the block in the main thread: it restores the cursor.
        """
        animated = self._err.is_terminal and not self._err.is_dumb_terminal
        with self._spinner() if animated else self._slow_work() as show_work:
            self._show_work = show_work
            self.doing(work)
            try:
                yield
            finally:
                self._show_work = None

    def doing(self, work: str) -> None:
        """Change the work that is shown; without a block of `working`, nothing is shown."""
        # An abandoned thread may still work after the block.
        if show_work := self._show_work:
            show_work(printable(without_secret(work)))

    @contextmanager
    def _spinner(self) -> Generator[Callable[[str], None]]:
        columns = SpinnerColumn(), _column("{task.description}  {task.elapsed:.0f} s")
        with Progress(
            *columns,
            console=self._err,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        ) as display:
            task = display.add_task("", total=None)
            yield lambda work: display.reset(task, description=work)

    @contextmanager
    def _slow_work(self) -> Generator[Callable[[str], None]]:
        timers: list[Timer] = []

        def begin(work: str) -> None:
            cancel()
            timers[:] = [Timer(_SLOW, self.step, [f"{work} …"])]
            timers[0].daemon = True
            timers[0].start()

        def cancel() -> None:
            for timer in timers:
                timer.cancel()

        try:
            yield begin
        finally:
            cancel()

    def note(self, line: str) -> None:
        """Print a line of another program on standard error."""
        self._err.print(_message(line))

    def warn(self, line: str) -> None:
        """Print a warning; the command continues."""
        self._err.print(Text("! ", "bold yellow"), _message(line), sep="")

    def fail(self, line: str) -> None:
        """Print an error; the command ends."""
        self._err.print(Text("error: ", "bold red"), _message(line), sep="")


class _EscapingConsole(Console):
    """Escapes non-printable characters everywhere, also in the cells of tables.

    A signal ends a command between two lines.
    """

    @override
    def print(self, *objects: Any, **options: Any) -> None:
        with undisturbed():
            super().print(*objects, **options)

    @override
    def on_broken_pipe(self) -> None:
        """End without a message, as programs in a pipe do; the exit code is 1."""
        # Python would write the rest at its end, and exit with 120.
        find_failed_output()
        super().on_broken_pipe()

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


def _column(text: str) -> TextColumn:
    # Without `markup=False`, a word such as [link=…] of a description is a link, or an error.
    return TextColumn(text, markup=False)


def _text(line: str, style: str = "") -> Text:
    # Escape first: a Text drops some control characters.
    return Text(printable_lines(without_secret(line)), style)


def _message(line: str) -> Text:
    return Text(printable_message(without_secret(line)))


def _escape_styled(text: Text) -> Text:
    """Escape a text, and keep the styles of its parts."""
    ends = [0, *accumulate(len(printable_lines(each)) for each in text.plain)]
    escaped = text.blank_copy(printable_lines(text.plain))
    escaped.spans = [Span(ends[span.start], ends[span.end], span.style) for span in text.spans]
    return escaped


def _split_into_rows(line: Text, console: Console) -> Iterable[Text]:
    """Yield the rows of a line; all but the first are indented further than the line."""
    first, *more = line.wrap(console, console.width)
    yield first
    if more:
        own = len(line.plain) - len(line.plain.lstrip())
        indent = min(own + _ROW_INDENT, console.width // 2)
        rest = line.plain[len(first) :]
        tail = line[len(line.plain) - len(rest.lstrip()) :]
        for row in tail.wrap(console, console.width - indent):
            yield Text.assemble(" " * indent, row)
