"""`portfolio traces`: the calls to X-Ray, the choice of traces, and their lines."""

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any, Final

import pytest

from infra.paths import PROJECT
from tests.commands import PORTFOLIO, Result, run_command
from tests.portfolio.refusing_aws import RefusingAws, serve_refusing_aws, variables
from tests.traces.documents import cold_start, crash, invocation_id, throttled, trace_id, warm
from tests.traces.fake_xray import FakeXray, serve_xray

pytestmark = pytest.mark.usefixtures("aws_models")

START: Final = int(time.time()) - 3600 + 0.25
RECENT: Final = ("--since", "2h")


@dataclass(frozen=True)
class Stage:
    """The stack dev, with X-Ray on loopback."""

    xray: FakeXray
    env: dict[str, str | None]

    def add(self, documents: list[dict[str, Any]], number: int, request: str = "") -> None:
        """Add a trace, and its line of the access log: method, path and status."""
        start = min(document["start_time"] for document in documents)
        self.xray.documents[trace_id(start, number)] = documents
        if request:
            line = dict(zip(("method", "path", "status"), request.split(), strict=True))
            ids = {"requestId": f"JKJ{number}=", "functionRequestId": invocation_id(number)}
            self.xray.access.append(ids | line)

    def run(self, *options: str, columns: int = 60) -> Result:
        env = {**self.env, "COLUMNS": str(columns)}
        return run_command("traces", "--stack", "dev", *options, env=env)

    def ids(self, *options: str) -> list[str]:
        """Return the ids of the printed traces."""
        result = self.run("--json", *RECENT, *options)
        assert (result.code, result.err) == (0, "")
        return [json.loads(line)["Id"] for line in result.out.splitlines()]


@pytest.fixture(scope="module")
def sts() -> Iterator[RefusingAws]:
    with serve_refusing_aws() as aws:
        aws.trusted.add("sts")
        yield aws


@pytest.fixture
def stage(sts: RefusingAws, tmp_path: Path) -> Iterator[Stage]:
    with serve_xray() as (xray, address):
        yield Stage(xray, variables(tmp_path, address, sts.endpoint))


def test_a_trace_is_its_request_and_a_tree_of_segments_with_bars(stage: Stage) -> None:
    stage.add(cold_start(START), 1, "POST /blogs 201")
    first, *tree = stage.run(*RECENT).out.splitlines()
    assert re.fullmatch(
        r"(\S+ )?[\d:.]{12} POST /blogs 201  1425 ms  cold start 852 ms  JKJ1=", first
    )
    assert tree == [
        "  AWS::Lambda                       1425 ms  ███████████████",
        "    AWS::Lambda::Function            198 ms              ██",
        "      Initialization                 852 ms     █████████",
        "      Invocation                     197 ms              ██",
        "        DynamoDB PutItem              82 ms               █",
        "      Overhead                       0.5 ms                ▏",
    ]


@pytest.mark.parametrize("columns", [60, 200])
def test_the_tree_fits_the_terminal(stage: Stage, columns: int) -> None:
    documents = cold_start(START)
    documents[2]["name"] = "x" * 300
    documents[2]["origin"] = "AWS::Other"
    stage.add(documents, 1)
    lines = stage.run(*RECENT, columns=columns).out.splitlines()
    assert max(map(len, lines[1:])) == min(columns, 100)
    assert lines[1].count("x") > 20
    assert "x…x" in lines[1]


def test_faults_errors_and_throttles_are_marked_with_their_reason(stage: Stage) -> None:
    stage.add(crash(START, 1, "'visitors'"), 1, "GET /visitors 500")
    stage.add(throttled(START + 1, 2), 2, "GET /blogs 503")
    shown = re.sub(r"[ █▏]{2,}", "  ", stage.run(*RECENT).out)
    assert "  AWS::Lambda error  12 ms" in shown
    assert "  AWS::Lambda::Function fault  12 ms" in shown
    assert "  KeyError: 'visitors'\n" in shown
    assert "  AWS::Lambda error throttle  3.0 ms" in shown


def test_text_from_outside_is_escaped(stage: Stage) -> None:
    documents = crash(START, 1, "\x1b]0;owned\x07\nnot a line")
    documents[1]["subsegments"][0]["name"] = "\x1b[2Jname\r\n"
    stage.add(documents, 1, "GET /\x1b[31m 500")
    shown = stage.run(*RECENT).out
    assert r"GET /\x1b[31m 500" in shown
    assert r"KeyError: \x1b]0;owned\x07\nnot a line" in shown
    assert r"\x1b[2Jname\r\n" in shown
    assert all(line.isprintable() for line in shown.split("\n"))


def test_the_newest_traces_are_printed_the_oldest_first(stage: Stage) -> None:
    numbers = range(1, 14)
    for number in numbers:
        stage.add(warm(START + number, number), number)
    ids = [trace_id(START + number, number) for number in numbers]
    assert stage.ids() == ids
    assert stage.ids("--limit", "2") == ids[-2:]


def test_a_day_is_searched_in_parts_that_xray_accepts(stage: Stage) -> None:
    stage.add(warm(START - 20 * 3600, 1), 1)
    stage.add(warm(START, 2), 2)
    found = stage.ids("--since", "1d")
    assert found == [trace_id(START - 20 * 3600, 1), trace_id(START, 2)]
    assert len(stage.xray.searches) >= 4


def test_options_choose_traces(stage: Stage) -> None:
    stage.add(warm(START, 1), 1, "GET /blogs/1 200")
    stage.add(warm(START + 1, 2), 2, "GET /projects 500")
    stage.add(crash(START + 2, 3, "x"), 3)
    ids = [*stage.xray.documents]
    assert stage.ids("--path", "/blogs") == ids[:1]
    assert stage.ids("--errors") == ids[1:]
    stage.ids("--slower-than", "1500")
    assert [each["FilterExpression"] for each in stage.xray.searches[-2:]] == [
        'service(id(name: "function", type: "AWS::Lambda"))',
        'service(id(name: "function", type: "AWS::Lambda")) AND duration > 1.5',
    ]


def test_json_has_the_request_and_the_documents(stage: Stage) -> None:
    stage.add(cold_start(START), 1, "POST /blogs 201")
    printed = json.loads(stage.run("--json", *RECENT).out)
    assert printed["Duration"] == 1.425
    assert printed["Request"] == {
        "method": "POST",
        "path": "/blogs",
        "status": "201",
        "request_id": "JKJ1=",
    }
    assert printed["Segments"] == cold_start(START)


def test_no_invocation_id_but_a_uuid_reaches_the_filter_of_the_log(stage: Stage) -> None:
    documents = warm(START, 1)
    documents[0]["aws"]["request_id"] = '") || ($.status = "*'
    stage.add(documents, 1)
    assert "no access log line" in stage.run(*RECENT).out
    assert stage.xray.patterns == []


def test_a_time_without_traces_is_said(stage: Stage) -> None:
    result = stage.run()
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("· No traces found: X-Ray traces the first request of each second")


def test_a_stage_without_tracing_names_the_setting(stage: Stage) -> None:
    stage.xray.mode = "PassThrough"
    result = stage.run()
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"error: dev traces no requests: set {PROJECT}:tracing to true in Pulumi.dev.yaml, "
        "and deploy the stage (pulumi up -s dev).\n"
    )


@pytest.mark.parametrize("port", [(), ("--port", "8321")], ids=" ".join)
def test_the_local_stage_has_no_traces(port: tuple[str, ...]) -> None:
    result = run_command("traces", "--stack", "local", *port)
    assert (result.code, result.out) == (1, "")
    line = "The local stage has no X-Ray: use portfolio logs --stack local."
    assert result.err == f"error: {line}\n"


@pytest.mark.real
def test_followed_traces_are_printed_once_when_they_are_complete(stage: Stage) -> None:
    now = time.time()
    first, second = trace_id(now, 1), trace_id(now, 2)
    stage.add(warm(now, 1), 1, "GET /blogs 200")
    stage.add(warm(now, 2)[:1], 2, "GET /health 200")
    env = {name: value for name, value in stage.env.items() if value is not None}
    with subprocess.Popen(
        [*PORTFOLIO, "traces", "--stack", "dev", "--follow", "--json"],
        stdout=subprocess.PIPE,
        env=env,
        text=True,
    ) as following:
        assert following.stdout
        limit = Timer(60, following.kill)
        limit.start()
        assert json.loads(following.stdout.readline())["Id"] == first
        stage.xray.documents[second] = warm(now, 2)
        complete = json.loads(following.stdout.readline())
        # If a signal comes while rich writes a line, rich writes the line again.
        time.sleep(2)
        following.send_signal(signal.SIGINT)
        assert following.wait(20) == 130
        limit.cancel()
        assert following.stdout.read() == ""
    assert (complete["Id"], len(complete["Segments"])) == (second, 2)
