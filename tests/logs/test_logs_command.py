"""`portfolio logs` as users type it, on a local stage as `make up` runs it."""

import json
import re
import signal
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest

from infra.paths import ROOT
from portfolio.local.running_stages import RunningStage, announce
from tests.commands import PORTFOLIO, Result
from tests.logs.cloudwatch import connect, create_logs, now, put
from tests.logs.local_logs import NO_EVENTS, LocalLogs
from tests.role_policy import changed_role_policy

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

SECONDS_LATE = (0, 5, 60, 900)
TIME = r"\d\d:\d\d:\d\d\.\d+"
FUNCTION_LINES = (
    rf"{TIME} INFO    {{id}} +GET /health 200  durationMs=[\d.]+  role=public\n"
    rf"{TIME} lambda  {{id}} +took \d+ ms, billed \d+ ms, memory \d+ of 512 MB\n"
)
ACCESS_LINE = rf"{TIME} access  {{id}} +GET /health 200 \d+ ms\n"


def request_id_of(answer: httpx.Response) -> str:
    assert answer.headers["x-request-id"] == answer.headers["apigw-requestid"]
    return answer.headers["x-request-id"]


def test_a_request_is_told_by_both_logs_under_the_id_of_its_answer(local: LocalLogs) -> None:
    whole = request_id_of(httpx.get(f"{local.url}/health"))
    local.wait_for((FUNCTION_LINES + ACCESS_LINE).format(id=whole[:8]))


@pytest.mark.parametrize("length", [36, 8])
def test_the_id_of_an_answer_finds_the_request_and_nothing_else(
    local: LocalLogs, length: int
) -> None:
    whole = request_id_of(httpx.get(f"{local.url}/health"))
    httpx.get(f"{local.url}/health")
    pattern = (FUNCTION_LINES + ACCESS_LINE).format(id=whole[:8])
    local.wait_for(rf"\A{pattern}\Z", "--request-id", whole[:length])


def test_the_gateway_s_own_answer_is_found_by_its_id(local: LocalLogs) -> None:
    refused = httpx.post(f"{local.url}/blogs", content=bytes(10 * 1024**2 + 1))
    assert (refused.status_code, "x-request-id" in refused.headers) == (413, False)
    found = local.wait_for(
        rf"\A{TIME} access  (\S+) +POST /blogs 413 \d+ ms\n\Z",
        *("--request-id", refused.headers["apigw-requestid"]),
    )
    assert found[1] == refused.headers["apigw-requestid"][:8]


def test_what_was_logged_before_is_left_out(local: LocalLogs) -> None:
    whole = request_id_of(httpx.get(f"{local.url}/health"))
    local.wait_for("access", "--request-id", whole)
    since = datetime.now(UTC).isoformat()
    assert local.run("--since", since) == Result(0, "", NO_EVENTS)
    assert local.run("--since", since, "--json") == Result(0, "", "")


def test_a_filter_is_given_to_cloudwatch(local: LocalLogs) -> None:
    httpx.get(f"{local.url}/nothing-here")
    local.wait_for(
        rf"\A{TIME} access  \S+ +GET /nothing-here 404 \d+ ms\n\Z",
        "--filter",
        "/nothing-here",
    )


def test_json_is_the_events_as_they_were_read(local: LocalLogs) -> None:
    whole = request_id_of(httpx.get(f"{local.url}/health"))
    local.wait_for("access", "--request-id", whole)
    lines = local.ask("--request-id", whole, "--json").splitlines()
    events = [json.loads(line) for line in lines]
    access = local.stage.outputs["access_log_group"]
    assert [event["logGroupName"] for event in events] == [*[local.function] * 4, access]
    beginnings = [event["message"].split(maxsplit=1)[0] for event in events]
    assert (beginnings[0], beginnings[2:4]) == ("START", ["END", "REPORT"])
    assert all({"timestamp", "ingestionTime", "logStreamName"} <= set(event) for event in events)
    assert json.loads(events[-1]["message"])["requestId"] == whole


def test_colours_are_for_terminals(local: LocalLogs) -> None:
    httpx.get(f"{local.url}/nothing")
    local.wait_for("GET /nothing 404")
    assert "\x1b" not in local.ask()
    coloured = local.run(FORCE_COLOR="1").out
    assert re.search(r"\x1b\[33mGET /nothing 404", coloured)


@pytest.mark.real
def test_a_pipe_that_closes_early_is_no_error(local: LocalLogs) -> None:
    httpx.get(f"{local.url}/health")
    local.wait_for("GET /health")
    command = " ".join([*PORTFOLIO, *local.arguments])
    result = subprocess.run(
        ["sh", "-c", f"{command} | head -1"], capture_output=True, text=True, check=True
    )
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""


@pytest.mark.real
def test_following_shows_each_event_once_late_ones_too_until_ctrl_c(local: LocalLogs) -> None:
    client, group = local.client, local.function
    put(client, group, "before it began")
    with local.follow("--since", "10m") as follower:
        follower.wait_for("before it began")
        whole = request_id_of(httpx.get(f"{local.url}/health"))
        follower.wait_for(FUNCTION_LINES.format(id=whole[:8]))
        follower.wait_for(ACCESS_LINE.format(id=whole[:8]))
        moment = now()
        for seconds in SECONDS_LATE:
            put(client, group, f"at once, {seconds}", timestamp=moment)
            put(client, group, f"late by {seconds} s", timestamp=moment - 1000 * seconds)
        follower.wait_for("late by 60 s")
        put(client, group, "the last")
        follower.wait_for("the last")
        assert follower.stop(signal.SIGINT) == 130
    told = follower.printed
    assert [told.count(f"at once, {seconds}\n") for seconds in SECONDS_LATE] == [1, 1, 1, 1]
    assert [told.count(f"late by {seconds} s\n") for seconds in SECONDS_LATE] == [1, 1, 1, 0]
    assert told.count("before it began") == told.count("the last") == 1
    assert told.endswith("the last\n")


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (
            ["--since", "soon"],
            "--since 'soon' is not a time: use a duration such as 30s, 10m, 2h or 1d",
        ),
        (["--request-id", "?"], "'?' is not a request id"),
        (
            ["--request-id", "abcd", "--filter", "x"],
            "Use either --filter or --request-id, not both.",
        ),
        (["--filter", "{ bad"], "--filter '{ bad' begins with { and does not end with }"),
        (["--filter", "?ERROR ?WARNING"], "--filter '?ERROR ?WARNING' works in AWS only"),
    ],
)
def test_a_wrong_option_is_one_clear_line(local: LocalLogs, options: list[str], error: str) -> None:
    result = local.run(*options)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {error}")
    assert result.err.count("\n") == 1


def test_a_failure_s_traceback_is_shown(local: LocalLogs, local_stage: "ServedStage") -> None:
    with changed_role_policy(local_stage.stage, '"dynamodb:Query"', '"dynamodb:DescribeTable"'):
        whole = request_id_of(httpx.get(f"{local.url}/blogs"))
    told = local.wait_for(
        rf"(?s)\A.*access  {whole[:8]} +GET /blogs 500.*\Z", "--request-id", whole
    )
    assert re.search(
        rf"ERROR   {whole[:8]} +Unexpected error: ClientError.*\n"
        r"    Traceback \(most recent call last\):\n"
        r"(?:      .*\n)+"
        r"    botocore\S+ClientError: .*AccessDenied",
        told[0],
    )
    source = ROOT / re.findall(r"(backend/src/\S+):\d+ in _pages\n", told[0])[0]
    assert source.is_file()
    assert "      … 3 frames of botocore\n" in told[0]
    assert "/dev/shm" not in told[0]  # noqa: S108 - the folder of the emulator's copy
    full = local.ask("--request-id", whole, "--full", "--level", "error")
    assert re.search(r"      botocore/client.py:\d+ in _api_call\n", full)
    assert re.findall(rf"{TIME} (\w+)", full) == ["ERROR", "access"]
    events = local.ask("--request-id", whole, "--level", "ERROR", "--json").splitlines()
    assert len(events) == 2


def test_what_was_searched_is_highlighted_on_a_terminal(local: LocalLogs) -> None:
    httpx.get(f"{local.url}/searched-path")
    local.wait_for("GET /searched-path")
    # As on a terminal, the first line of the command is on standard error.
    coloured = local.run("--filter", "Searched-Path", FORCE_COLOR="1")
    assert coloured.code == 0
    assert "\x1b[30;43msearched-path\x1b[0m" in coloured.out


def test_a_request_is_waited_for_until_the_stage_ends_which_is_one_clear_line() -> None:
    from portfolio.local.emulator import free_port, run_emulator  # noqa: PLC0415 - an HTTP client

    whole = "0a1b2c3d-0000-4000-8000-000000000000"
    with run_emulator() as emulator:
        client = connect(emulator)
        access, function = create_logs(client).groups
        outputs = {"access_log_group": access.name, "log_group": function.name, "table_name": "x"}
        local = LocalLogs(RunningStage(free_port(), emulator.endpoint, "us-east-1", outputs))
        with announce(local.stage), local.follow("--request-id", whole, "--json") as follower:
            line = {"level": "INFO", "requestId": whole, "functionRequestId": "its-other-id"}
            put(client, function.name, json.dumps({**line, "message": "here"}))
            follower.wait_for("here")
            put(client, function.name, "END RequestId: its-other-id")
            follower.wait_for("END RequestId")
            emulator.process.kill()
            assert follower.wait_for_end() == 1
    assert follower.printed.endswith(
        "\nerror: The local stage has ended: start it with `make up`.\n"
    )
    result = local.run()
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"error: make up is not running on port {local.stage.port}: start it in another terminal.\n"
    )
