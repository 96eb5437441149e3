"""The log groups of a stage."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portfolio.logs.events import LogGroup
from portfolio.stage_access import open_stage

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient


@dataclass(frozen=True)
class StageLogs:
    """The two log groups of a stage, and a client that may read them."""

    client: "CloudWatchLogsClient"
    groups: tuple[LogGroup, LogGroup]


def find_logs(stack: str, port: int | None) -> StageLogs:
    """The logs of a stack, or of the running local stage.

    Args:
        stack: its name.
        port: the port of the local stage, if several run.

    Raises:
        PortfolioError: if the stage does not exist or does not run, has no logs, or the
            credentials are another account's.
    """
    stage = open_stage(stack, port)
    access = LogGroup(stage.output("access_log_group"), "access")
    function = LogGroup(stage.output("log_group"), "function")
    return StageLogs(stage.logs, (access, function))
