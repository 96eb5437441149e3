"""CloudWatch Logs on the emulator, and a local stage as `make up` runs it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config

from infra.local.emulator import ACCESS_KEY, Emulator
from infra.logs.stage import StageLogs
from infra.stage_access import PATIENT
from tests.local.running import Run, portfolio_up
from tests.logs.cloudwatch import create_logs

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient


@pytest.fixture
def client(emulator: Emulator) -> "CloudWatchLogsClient":
    """A client that a test may listen in on."""
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name="us-east-1")
    config = PATIENT.merge(Config(proxies={}))
    return session.client("logs", endpoint_url=emulator.endpoint, config=config)


@pytest.fixture
def logs(client: "CloudWatchLogsClient") -> StageLogs:
    return create_logs(client)


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """`portfolio up`, ready."""
    with portfolio_up(tmp_path_factory.mktemp("up")) as run:
        run.wait_for("Ctrl-C stops")
        yield run
        run.stop()
