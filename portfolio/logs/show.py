"""The steps of `portfolio logs`: find the log groups, read and print the events."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infra.errors import CommandLineError
from infra.settings.files import LOCAL
from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.logs.app_lines import WEIGHTS
from portfolio.logs.events import LogQuery, Tail
from portfolio.logs.filters import check_emulated, filter_pattern, searched_text
from portfolio.logs.parse import parse_event
from portfolio.logs.render import Renderer, render_json
from portfolio.logs.since import parse_since
from portfolio.logs.trace import RequestTrace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.text import Text

    from portfolio.logs.events import LogEvent, StageLogs
    from portfolio.logs.line import Weight
    from portfolio.terminal import Terminal

_SINCE: Final = "10m"
_SINCE_FOR_A_REQUEST: Final = "1d"
"""A longer time, because the time of a request is seldom known."""

_PAUSE: Final = 1.0
"""Seconds between two reads of the logs."""


@dataclass(frozen=True, kw_only=True)
class LogsOptions:
    """The options of the command, in the form they were typed."""

    stack: str
    since: str | None
    filter: str | None
    request_id: str | None
    follow: bool
    """True to print new events until an interrupt."""

    as_json: bool
    level: str | None
    """The minimum level of the lines, as Python's logging names it."""

    full: bool
    """True to show every frame of a traceback."""

    @property
    def weight(self) -> "Weight":
        """The minimum importance of the lines."""
        return WEIGHTS[self.level] if self.level else "chatter"


def show_logs(
    options: LogsOptions, open_logs: "Callable[[], StageLogs]", terminal: "Terminal"
) -> None:
    """Print the events of a stage's two logs, the oldest first.

    Args:
        options: the options of the command.
        open_logs: finds the logs; it is called after the check of the options.
        terminal: prints the events.

    Raises:
        PortfolioError: if an option is wrong, or the logs cannot be found or read.
    """
    render, is_empty = _renderer(options), True
    with explain_aws_errors(options.stack):
        for event in _events(options, open_logs, terminal.warn):
            line = render(event)
            if line is not None:
                is_empty = False
                if isinstance(line, str):
                    terminal.say(line)
                else:
                    terminal.say_indented(line)
    if is_empty and not options.as_json:
        terminal.step("No events found. Use --since for an earlier start: 2h, 1d.")


def _renderer(options: LogsOptions) -> "Callable[[LogEvent], str | Text | None]":
    """Return a function to render events; it returns None for an event to leave out."""
    if not options.as_json:
        pattern = filter_pattern(options.filter)
        searched = searched_text(pattern, ignore_case=options.stack == LOCAL)
        return Renderer(level=options.weight, full=options.full, searched=searched).render

    def render(event: "LogEvent") -> str | None:
        return render_json(event) if parse_event(event).is_at_least(options.weight) else None

    return render


def _events(
    options: LogsOptions, open_logs: "Callable[[], StageLogs]", warn: "Callable[[str], None]"
) -> "Iterator[LogEvent]":
    source = _source(options, open_logs, warn)
    yield from source.read_new()
    while options.follow:
        time.sleep(_PAUSE)
        yield from source.read_new()


def _source(
    options: LogsOptions, open_logs: "Callable[[], StageLogs]", warn: "Callable[[str], None]"
) -> Tail | RequestTrace:
    default = _SINCE_FOR_A_REQUEST if options.request_id else _SINCE
    since = parse_since(options.since or default)
    if options.request_id is None:
        pattern = filter_pattern(options.filter)
        if options.stack == LOCAL:
            check_emulated(pattern)
        return Tail(open_logs(), LogQuery(pattern, since), warn)
    if options.filter is not None:
        raise CommandLineError("Use either --filter or --request-id, not both.")
    return RequestTrace(open_logs(), options.request_id, since, warn)
