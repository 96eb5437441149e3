"""The steps of `portfolio traces`: find the function, read and print its traces."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from infra.components.names import LIVE
from infra.errors import TracesError
from infra.paths import PROJECT
from infra.settings.files import LOCAL, short_name, stage_of
from portfolio.errors.aws_errors import explain_aws_errors
from portfolio.logs.since import parse_since
from portfolio.stage_access import PATIENT, StageAccess, open_stage
from portfolio.traces.render import SegmentTree, render_json, render_request
from portfolio.traces.requests import AccessLog
from portfolio.traces.search import TracedRequest, TraceSearch, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portfolio.terminal import Terminal

_PAUSE: Final = 5.0
"""Seconds between two searches; traces arrive some seconds late."""


@dataclass(frozen=True, kw_only=True)
class TracesOptions:
    """The options of the command."""

    stack: str
    since: str
    wanted: Wanted
    limit: int
    """The number of traces, at most; with `follow`, of those at the start."""

    follow: bool
    """True to print new traces until an interrupt."""

    as_json: bool


def show_traces(options: TracesOptions, terminal: "Terminal") -> None:
    """Print the traces of a stage, the oldest first.

    Raises:
        PortfolioError: if an option is wrong, the stage has no traces at all, or they cannot be
            read.
    """
    since = datetime.fromtimestamp(parse_since(options.since) / 1000, UTC)
    if options.stack == LOCAL:
        raise TracesError("The local stage has no X-Ray: use portfolio logs --stack local.")
    stage = open_stage(options.stack)
    with explain_aws_errors(options.stack):
        search = _search(stage, options.wanted)
        found = search.newest(since, options.limit, complete=options.follow)
        if not found:
            _check_tracing(stage)
        _print(found, options, terminal)
        if not found and not options.as_json:
            terminal.step(
                "No traces found: X-Ray traces the first request of each second and 5 % of the "
                "others. Use --since for an earlier start: 2h, 1d."
            )
        while options.follow:
            time.sleep(_PAUSE)
            _print(search.read_new(), options, terminal)


def _search(stage: StageAccess, wanted: Wanted) -> TraceSearch:
    log = AccessLog(stage.logs, stage.output("access_log_group"))
    return TraceSearch(stage.client("xray", PATIENT), log, stage.output("function_name"), wanted)


def _check_tracing(stage: StageAccess) -> None:
    live = stage.functions.get_function_configuration(
        FunctionName=stage.output("function_name"), Qualifier=LIVE
    )
    if live.get("TracingConfig", {}).get("Mode") == "Active":
        return
    name = short_name(stage.stack)
    raise TracesError(
        f"{stage.stack} traces no requests: set {PROJECT}:tracing to true in "
        f"Pulumi.{stage_of(name)}.yaml, and deploy the stage (pulumi up -s {stage.stack})."
    )


def _print(found: "Iterable[TracedRequest]", options: TracesOptions, terminal: "Terminal") -> None:
    for traced in found:
        if options.as_json:
            terminal.say(render_json(traced))
        else:
            terminal.say_indented(render_request(traced))
            terminal.show(SegmentTree(traced.trace))
