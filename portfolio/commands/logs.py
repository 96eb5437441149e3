"""`portfolio logs`."""

from functools import partial
from typing import Annotated, Literal

import typer

from portfolio.commands.options import Port, Stack, begin

_Follow = Annotated[bool, typer.Option("--follow", "-f", help="Print new events until Ctrl-C.")]
_Since = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Start time: 30s, 10m, 2h or 1d ago, or an ISO time "
        "(default: 10m, or 1d with --request-id).",
    ),
]
_Filter = Annotated[
    str | None,
    typer.Option(
        "--filter",
        metavar="PATTERN",
        help="Print matching events only, in CloudWatch's filter pattern syntax: all of these "
        'words (case-sensitive), "a phrase", ?one ?of, -without, { $.status = 5* }, %regex%. '
        "Text with other characters, such as /blog, is a phrase.",
    ),
]
_RequestId = Annotated[
    str | None,
    typer.Option(
        metavar="ID",
        help="Print all events of one request: the X-Request-Id of its answer, "
        "or an id from the log.",
    ),
]
_Level = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None,
    typer.Option(
        case_sensitive=False,
        help="Print lines of this level or a higher one. Lines of the gateway count as WARNING "
        "from status 400 on, as ERROR from 500 on, and as INFO below; lines of Lambda as DEBUG.",
    ),
]
_Full = Annotated[
    bool, typer.Option("--full", help="Print all frames of a traceback, those of libraries too.")
]
_EventsAsJson = Annotated[
    bool, typer.Option("--json", help="Print CloudWatch's events as JSON, one object on each line.")
]


def logs(
    *,
    stack: Stack,
    follow: _Follow = False,
    since: _Since = None,
    filter_: _Filter = None,
    request_id: _RequestId = None,
    level: _Level = None,
    full: _Full = False,
    port: Port = None,
    as_json: _EventsAsJson = False,
) -> None:
    """Print a stage's logs: the function's log and the gateway's access log, merged by time.

    Examples:
        portfolio logs --stack local --follow
        portfolio logs --stack prod --since 2h --filter ERROR
        portfolio logs --stack prod --filter "{ $.status = 5* }"
        portfolio logs --stack dev --request-id JvQ1ghQxDoEEMAQ=
    """
    terminal = begin(f"{stack}: reading its logs")
    try:
        from portfolio.logs.show import LogsOptions, show_logs
        from portfolio.stage_access import open_logs

        options = LogsOptions(
            stack=stack,
            since=since,
            filter=filter_,
            request_id=request_id,
            follow=follow,
            as_json=as_json,
            level=level,
            full=full,
        )
        show_logs(options, partial(open_logs, stack, port), terminal)
    except KeyboardInterrupt:
        if not follow:
            raise
