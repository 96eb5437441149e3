"""`portfolio traces`."""

from typing import Annotated

import typer

from portfolio.commands.options import begin, stack_option, whole_number

_Stack = Annotated[str, stack_option("The stage: dev, prod, pr-12 …")]
_Port = Annotated[
    int | None,
    # Other commands take it for the local stage, which has no traces.
    typer.Option("--port", parser=whole_number(1, 65535), hidden=True),
]
_Follow = Annotated[bool, typer.Option("--follow", "-f", help="Print new traces until Ctrl-C.")]
_Since = Annotated[
    str,
    typer.Option(
        metavar="TIME",
        help="Start time: 30s, 10m, 2h or 1d ago, or an ISO time. X-Ray keeps traces for 30 days.",
    ),
]
_Path = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="Print only requests with a path that starts with this."),
]
_SlowerThan = Annotated[
    int | None,
    typer.Option(
        metavar="MS",
        parser=whole_number(1),
        help="Print only requests that took longer than this, in milliseconds.",
    ),
]
_Errors = Annotated[
    bool,
    typer.Option(
        "--errors",
        help="Print only requests with a fault, an error, a throttle, or a status of 500 or more.",
    ),
]
_Limit = Annotated[
    int,
    typer.Option(
        metavar="NUMBER",
        parser=whole_number(1),
        help="The number of traces at most, the newest ones. With --follow: at the start.",
    ),
]
_TracesAsJson = Annotated[
    bool,
    typer.Option("--json", help="Print requests and segments as JSON, one trace on each line."),
]


def traces(
    *,
    stack: _Stack,
    port: _Port = None,  # noqa: ARG001 - the local stage is refused with it too
    follow: _Follow = False,
    since: _Since = "10m",
    path: _Path = None,
    slower_than: _SlowerThan = None,
    errors: _Errors = False,
    limit: _Limit = 20,
    as_json: _TracesAsJson = False,
) -> None:
    """Print X-Ray's traces of a stage: the requests, with the times of their segments.

    Examples:
        portfolio traces --stack prod
        portfolio traces --stack prod --since 1d --slower-than 1000
        portfolio traces --stack dev --path /blogs --follow
    """
    terminal = begin(f"{stack}: reading its traces")
    try:
        from portfolio.traces.search import Wanted
        from portfolio.traces.show import TracesOptions, show_traces

        options = TracesOptions(
            stack=stack,
            since=since,
            wanted=Wanted(path=path, slower_than=slower_than, failed=errors),
            limit=limit,
            follow=follow,
            as_json=as_json,
        )
        show_traces(options, terminal)
    except KeyboardInterrupt:
        if not follow:
            raise
