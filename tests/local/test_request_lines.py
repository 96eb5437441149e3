"""Requests on the terminal of `make up`, with the function's log below each."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from infra.package import HEALTH_EVENT
from portfolio.local.clients import EmulatorClients, connect
from portfolio.local.emulator import Emulator
from portfolio.local.function_log import FunctionLog
from portfolio.local.gateway import AccessLogEntry
from portfolio.local.request_lines import RequestLines
from portfolio.local.status.recent_requests import RecentRequests
from portfolio.terminal import Terminal

type Shown = Callable[..., str]

TIME: Final = r"\d\d:\d\d:\d\d"
FIRST: Final = "11111111-0000-4000-8000-000000000000"
SECOND: Final = "22222222-0000-4000-8000-000000000000"

TRACEBACK: Final = """\
Traceback (most recent call last):
  File "/tmp/ministack-lambda-x-y/code/fastapi/routing.py", line 301, in app
    raw_response = await run_endpoint_function(
  File "/tmp/ministack-lambda-x-y/code/src/app.py", line 7, in find
    {}["a"]
KeyError: 'a'"""


@pytest.fixture(scope="module")
def clients(emulator: Emulator) -> EmulatorClients:
    return connect(emulator.endpoint, "us-east-1")


@pytest.fixture
def group(clients: EmulatorClients) -> Iterator[str]:
    """A new log group of a function."""
    name = f"/aws/lambda/{uuid.uuid4()}"
    clients.logs.create_log_group(logGroupName=name)
    yield name
    clients.logs.delete_log_group(logGroupName=name)


@pytest.fixture
def recent() -> RecentRequests:
    """The requests for the status page."""
    return RecentRequests()


@pytest.fixture
def show(
    clients: EmulatorClients,
    group: str,
    emulator: Emulator,
    recent: RecentRequests,
    capsys: pytest.CaptureFixture[str],
) -> Shown:
    """A function to show requests; it returns the output."""
    log = FunctionLog(clients.logs, group, pytest.fail)
    lines = RequestLines(log, Terminal(), emulator.has_stopped, recent.add)

    def show(*entries: AccessLogEntry) -> str:
        lines.show(entries)
        printed = capsys.readouterr()
        # Warnings are on standard error.
        return printed.err + printed.out

    return show


@pytest.fixture
def invoke(clients: EmulatorClients, group: str) -> Callable[..., None]:
    """A function to write an invocation's log as the emulator does: into a stream of its own."""

    def invoke(*messages: str) -> None:
        stream, now = uuid.uuid4().hex, int(1000 * datetime.now(UTC).timestamp())
        clients.logs.create_log_stream(logGroupName=group, logStreamName=stream)
        lines = ["START RequestId: x Version: 1", *messages, "REPORT RequestId: x\tDuration: 1 ms"]
        clients.logs.put_log_events(
            logGroupName=group,
            logStreamName=stream,
            logEvents=[{"timestamp": now, "message": line} for line in lines],
        )

    return invoke


def entry(request_id: str, path: str = "/blogs", status: int = 200) -> AccessLogEntry:
    answered = datetime.now(UTC)
    arrived = answered - timedelta(seconds=1)
    return AccessLogEntry(arrived, answered, request_id, "GET", path, status, 3.0)


def log_line(request_id: str, message: str, level: str = "INFO", **fields: object) -> str:
    line = {"level": level, "logger": "src.api.blog", "requestId": request_id}
    return json.dumps({**line, "message": message, **fields})


def access(request_id: str) -> str:
    return log_line(request_id, "GET /blogs 200", logger="src.api.access")


def test_what_the_function_logs_and_prints_is_below_its_request(
    show: Shown, invoke: Callable[..., None]
) -> None:
    failed = log_line(FIRST, "Unexpected error: KeyError", "ERROR", exception=TRACEBACK)
    invoke("printed", "  more", log_line(FIRST, "logged", size=3), failed, access(FIRST))
    invoke(log_line(SECOND, "of the second"), access(SECOND))
    shown = show(entry(SECOND, "/second"), entry(FIRST, "/first", 500))
    assert re.sub(TIME, "TIME", shown) == (
        "TIME  200  GET    /second  3 ms  22222222\n"
        "    INFO    of the second\n"
        "TIME  500  GET    /first  3 ms  11111111\n"
        "    printed\n"
        "      more\n"
        "    INFO    logged  size=3\n"
        "    ERROR   Unexpected error: KeyError  logger=src.api.blog\n"
        "        Traceback (most recent call last):\n"
        "          … 1 frame of fastapi\n"
        "          backend/src/app.py:7 in find\n"
        '            {}["a"]\n'
        "        KeyError: 'a'\n"
    )


def test_the_status_page_gets_each_request_with_its_lines(
    show: Shown, invoke: Callable[..., None], recent: RecentRequests
) -> None:
    invoke("printed", log_line(FIRST, "logged"), access(FIRST))
    show(entry(SECOND), entry(FIRST, "/first", 500))
    first, second = recent.newest_first()
    assert (first.path, first.status, first.milliseconds) == ("/first", 500, "3")
    assert [(each.label, each.text) for each in first.lines] == [
        ("", "printed"),
        ("INFO", "logged"),
    ]
    assert (second.request_id, second.lines) == ("22222222", [])


def test_a_printed_traceback_is_shortened_too(show: Shown, invoke: Callable[..., None]) -> None:
    invoke(*TRACEBACK.splitlines(), "after it", access(FIRST))
    assert show(entry(FIRST)).splitlines()[1:] == [
        "    Traceback (most recent call last):",
        "      … 1 frame of fastapi",
        "      backend/src/app.py:7 in find",
        '        {}["a"]',
        "    KeyError: 'a'",
        "    after it",
    ]


def test_a_log_before_its_request_waits_for_it(show: Shown, invoke: Callable[..., None]) -> None:
    invoke("printed early", access(SECOND))
    assert show(entry(FIRST)).count("\n") == 1
    shown = show(entry(SECOND))
    assert re.fullmatch(rf"{TIME}  200 .* 22222222\n    printed early\n", shown)
    assert show() == ""


def test_a_crash_without_an_id_is_below_the_failed_request(
    show: Shown, invoke: Callable[..., None]
) -> None:
    invoke("the last words")
    shown = show(entry(FIRST), entry(SECOND, status=502))
    assert re.fullmatch(rf".* 11111111\n{TIME}  502 .* 22222222\n    the last words\n", shown)


def test_calls_without_a_request_are_shown_if_they_print_something(
    show: Shown, invoke: Callable[..., None]
) -> None:
    health_check = HEALTH_EVENT["requestContext"]["requestId"]
    invoke(access(health_check))
    assert show() == ""
    invoke("imported", access(health_check))
    invoke("called by hand", access("an-id-of-their-own"))
    assert re.fullmatch(rf"{TIME}  call of the function without a request\n    imported\n", show())
    assert show().endswith("without a request\n    called by hand\n")
    assert show() == ""


def test_nothing_steers_the_terminal(show: Shown, invoke: Callable[..., None]) -> None:
    invoke("\x1b[2J", log_line(FIRST, "\x9b1A"))
    assert show(entry(FIRST)).splitlines()[1:] == [r"    \x1b[2J", r"    INFO    \u009b1A"]


def test_requests_are_shown_even_if_the_log_cannot_be_read(
    show: Shown, clients: EmulatorClients, group: str
) -> None:
    clients.logs.delete_log_group(logGroupName=group)
    warning, line = show(entry(FIRST)).splitlines()
    clients.logs.create_log_group(logGroupName=group)
    assert warning.startswith("! The function's log cannot be read: ")
    assert "ResourceNotFoundException" in warning
    assert line.endswith("11111111")
