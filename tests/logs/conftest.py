"""CloudWatch Logs on the emulator, and `portfolio logs` of the shared local stage."""

from typing import TYPE_CHECKING

import pytest

from tests.logs.cloudwatch import STREAM, connect, create_logs
from tests.logs.local_logs import LocalLogs

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

    from portfolio.local.emulator import Emulator
    from portfolio.logs.events import StageLogs
    from tests.local_stage import ServedStage


@pytest.fixture
def client(emulator: "Emulator") -> "CloudWatchLogsClient":
    """A client that a test may listen in on."""
    return connect(emulator)


@pytest.fixture
def logs(client: "CloudWatchLogsClient") -> "StageLogs":
    return create_logs(client)


@pytest.fixture(scope="session")
def served(local_stage: "ServedStage") -> "ServedStage":
    """The shared stage, with a log stream of the tests' own."""
    logs = LocalLogs(local_stage.running)
    logs.client.create_log_stream(logGroupName=logs.function, logStreamName=STREAM)
    return local_stage


@pytest.fixture
def local(served: "ServedStage") -> LocalLogs:
    return LocalLogs(served.running)
