"""Everything of one request is found in both logs, whichever of its ids is asked for."""

import json
import uuid
from typing import TYPE_CHECKING, Final

import pytest

from infra.errors import CommandLineError
from portfolio.logs.trace import RequestTrace
from tests.logs.cloudwatch import messages, now, put

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

    from portfolio.logs.events import StageLogs

MINUTE = 60_000
GATEWAY_ID: Final = "JKJaXmPLvHcESHA="
FUNCTION_ID: Final = "6c26696b-3568-48ae-a962-9a920567a604"

START = f"START RequestId: {FUNCTION_ID} Version: 3"
WARNING = json.dumps(
    {"level": "WARNING", "requestId": GATEWAY_ID, "functionRequestId": FUNCTION_ID, "message": "!"}
)
TIMED_OUT = f"2026-11-23T21:05:03.911Z {FUNCTION_ID} Task timed out after 30.00 seconds"
END = f"END RequestId: {FUNCTION_ID}"
REPORT = f"REPORT RequestId: {FUNCTION_ID}\tDuration: 30000.00 ms\tStatus: timeout"
ACCESS = json.dumps(
    {"requestId": GATEWAY_ID, "functionRequestId": FUNCTION_ID, "status": "503", "path": "/blogs"}
)


def ask(logs: "StageLogs", request_id: str) -> RequestTrace:
    return RequestTrace(logs, request_id, now() - MINUTE, pytest.fail)


@pytest.fixture
def others(client: "CloudWatchLogsClient", logs: "StageLogs") -> None:
    """Events of other requests."""
    access, function = logs.groups
    other, invocation = "JKJaXmPLvHcESHB=", str(uuid.uuid4())
    line = {"level": "INFO", "requestId": other, "functionRequestId": invocation, "message": "."}
    put(client, function.name, json.dumps(line), f"END RequestId: {invocation}")
    put(client, access.name, json.dumps({"requestId": other, "status": "200"}))


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("request_id", [GATEWAY_ID, FUNCTION_ID, "6c26696b"])
def test_each_of_its_ids_finds_every_line_in_order(
    client: "CloudWatchLogsClient", logs: "StageLogs", request_id: str
) -> None:
    access, function = logs.groups
    moment = now()
    put(client, function.name, START, WARNING, END, REPORT, timestamp=moment)
    put(client, access.name, ACCESS, timestamp=moment + 1)
    found = messages(ask(logs, request_id).read_new())
    assert found == [START, WARNING, END, REPORT, ACCESS]


@pytest.mark.usefixtures("others")
def test_an_invocation_that_logged_nothing_is_found_by_the_access_line(
    client: "CloudWatchLogsClient", logs: "StageLogs"
) -> None:
    access, function = logs.groups
    put(client, function.name, START, TIMED_OUT, END, REPORT)
    put(client, access.name, ACCESS)
    found = messages(ask(logs, GATEWAY_ID).read_new())
    assert found == [START, TIMED_OUT, END, REPORT, ACCESS]


def test_what_the_gateway_answered_itself_is_its_access_line(
    client: "CloudWatchLogsClient", logs: "StageLogs"
) -> None:
    refused = json.dumps({"requestId": GATEWAY_ID, "functionRequestId": "-", "status": "401"})
    put(client, logs.groups[0].name, refused)
    assert messages(ask(logs, GATEWAY_ID).read_new()) == [refused]


@pytest.mark.usefixtures("others")
def test_lines_that_come_later_are_found_later(
    client: "CloudWatchLogsClient", logs: "StageLogs"
) -> None:
    access, function = logs.groups
    put(client, function.name, START)
    trace = ask(logs, GATEWAY_ID)
    assert messages(trace.read_new()) == []
    put(client, access.name, ACCESS, timestamp=now() + 1)
    assert messages(trace.read_new()) == [START, ACCESS]
    put(client, function.name, WARNING)
    assert messages(trace.read_new()) == [WARNING]
    assert messages(trace.read_new()) == []


def test_an_id_that_a_line_only_mentions_leads_nowhere(
    client: "CloudWatchLogsClient", logs: "StageLogs"
) -> None:
    function = logs.groups[1]
    mention = json.dumps(
        {"level": "INFO", "requestId": "else", "functionRequestId": None, "message": FUNCTION_ID}
    )
    unrelated = json.dumps({"level": "INFO", "requestId": "else", "message": "unrelated"})
    put(client, function.name, START, mention, unrelated)
    assert messages(ask(logs, FUNCTION_ID).read_new()) == [START, mention]


@pytest.mark.parametrize("request_id", ["", "abc", 'a" ?b', "a b c d", "*" * 8, "a" * 65])
def test_what_cannot_be_an_id_is_refused(logs: "StageLogs", request_id: str) -> None:
    with pytest.raises(CommandLineError, match="is not a request id: use the X-Request-Id"):
        ask(logs, request_id)
