"""`portfolio logs`."""

from typing import Annotated

import typer

from portfolio.commands.options import Port, Stack
from portfolio.terminal import Terminal

_Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")]
_Since = Annotated[
    str | None,
    typer.Option(
        help="From when on: 30s, 10m, 2h or 1d ago, or an ISO time; 10m by default, "
        "1d with --request-id."
    ),
]
_Filter = Annotated[
    str | None,
    typer.Option(
        "--filter",
        help="What to find, in CloudWatch's filter pattern syntax: words that all occur "
        '(case counts), "a phrase", ?one ?of, -without, { $.status = 5* }, %regex%. Text with '
        "other characters, like /v1/blog, is taken as a phrase.",
    ),
]
_RequestId = Annotated[
    str | None,
    typer.Option(
        help="Everything of one request: the X-Request-Id of its answer, "
        "or an id that the log shows."
    ),
]
_EventsAsJson = Annotated[
    bool, typer.Option("--json", help="Print CloudWatch's events, one JSON object a line.")
]


def logs(  # noqa: PLR0913 - options
    *,
    stack: Stack,
    follow: _Follow = False,
    since: _Since = None,
    filter_: _Filter = None,
    request_id: _RequestId = None,
    port: Port = None,
    as_json: _EventsAsJson = False,
) -> None:
    """Show a stage's logs: the function's and the gateway's access log, merged by time."""
    try:
        from portfolio.logs.show import LogsOptions, show_logs  # noqa: PLC0415 - boto3 is slow

        options = LogsOptions(
            stack=stack,
            port=port,
            since=since,
            filter=filter_,
            request_id=request_id,
            follow=follow,
            as_json=as_json,
        )
        show_logs(options, Terminal())
    except KeyboardInterrupt:
        if not follow:
            raise
