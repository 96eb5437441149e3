"""Where the logs of a stage are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.config import Config

from infra.errors import LogsError
from infra.local.emulator import ACCESS_KEY
from infra.local.running import LOCAL, RunningStage, find_running
from infra.logs.events import LogGroup
from infra.settings import load_stage_settings
from infra.stack_outputs import read_stack_outputs
from infra.stage_files import short_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from types_boto3_logs import CloudWatchLogsClient

PATIENT: Final = Config(retries={"mode": "standard", "total_max_attempts": 10})
"""FilterLogEvents is throttled early: up to two minutes of waiting before it counts."""


@dataclass(frozen=True)
class StageLogs:
    """The two log groups of a stage, and a client that may read them."""

    client: "CloudWatchLogsClient"
    groups: tuple[LogGroup, LogGroup]


def find_logs(stack: str, port: int | None) -> StageLogs:
    """The logs of a stack, or of the local stage that runs, on this port if one is given.

    Raises:
        PortfolioError: if there is no such stack, it has no logs, or the stage does not run.
    """
    if stack == LOCAL:
        running = find_running(port)
        return StageLogs(_local_client(running), _groups(stack, running.outputs))
    outputs = read_stack_outputs(stack)
    region = load_stage_settings(short_name(stack)).region
    client = boto3.Session(region_name=region).client("logs", config=PATIENT)
    return StageLogs(client, _groups(stack, outputs))


def _local_client(running: RunningStage) -> "CloudWatchLogsClient":
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name=running.region)
    config = Config(proxies={}, retries={"total_max_attempts": 1})
    return session.client("logs", endpoint_url=running.emulator, config=config)


def _groups(stack: str, outputs: "Mapping[str, Any]") -> tuple[LogGroup, LogGroup]:
    try:
        return (
            LogGroup(outputs["access_log_group"], "access"),
            LogGroup(outputs["log_group"], "function"),
        )
    except KeyError as missing:
        raise LogsError(
            f"The stack {stack} has no output {missing}: deploy it with pulumi up -s {stack}."
        ) from None
