"""The steps of `portfolio logs`: find the log groups, read and print the events."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infra.errors import LogsError
from infra.settings.files import LOCAL
from portfolio.aws_errors import explain_aws_errors
from portfolio.logs.events import LogGroup, StageLogs, Tail
from portfolio.logs.filters import check_emulated, filter_pattern
from portfolio.logs.render import Renderer, render_json
from portfolio.logs.since import parse_since
from portfolio.logs.trace import RequestTrace
from portfolio.stage_access import open_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portfolio.logs.events import LogEvent
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
    port: int | None
    """The local stage's port, if several run."""

    since: str | None
    filter: str | None
    request_id: str | None
    follow: bool
    """True to print new events until an interrupt."""

    as_json: bool


def show_logs(options: LogsOptions, terminal: "Terminal") -> None:
    """Print the events of a stage's two logs, the oldest first.

    Raises:
        PortfolioError: if an option is wrong, or the logs cannot be found or read.
    """
    renderer, is_empty = Renderer(), True
    with explain_aws_errors(options.stack):
        for event in _events(options):
            line = render_json(event) if options.as_json else renderer.render(event)
            if line is not None:
                is_empty = False
                terminal.say(line)
    if is_empty and not options.as_json:
        terminal.step("No events found. Use --since for an earlier start: 2h, 1d.")


def _events(options: LogsOptions) -> "Iterator[LogEvent]":
    source = _source(options)
    yield from source.read_new()
    while options.follow:
        time.sleep(_PAUSE)
        yield from source.read_new()


def _source(options: LogsOptions) -> Tail | RequestTrace:
    default = _SINCE_FOR_A_REQUEST if options.request_id else _SINCE
    since = parse_since(options.since or default)
    if options.request_id is None:
        pattern = filter_pattern(options.filter)
        if options.stack == LOCAL:
            check_emulated(pattern)
        return Tail(_open_logs(options), pattern, since)
    if options.filter is not None:
        raise LogsError("Use either --filter or --request-id, not both.")
    return RequestTrace(_open_logs(options), options.request_id, since)


def _open_logs(options: LogsOptions) -> StageLogs:
    stage = open_stage(options.stack, options.port)
    access = LogGroup(stage.output("access_log_group"), "access")
    function = LogGroup(stage.output("log_group"), "function")
    return StageLogs(stage.logs, (access, function))
