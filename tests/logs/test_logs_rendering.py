"""The lines for the events of both logs."""

import json
import re
from datetime import datetime, timedelta
from typing import Final

import pytest
from rich.text import Text

from portfolio.logs.line import Weight
from portfolio.logs.render import Renderer
from tests.logs.cloudwatch import event

GATEWAY_ID: Final = "JKJaXmPLvHcESHA="
FUNCTION_ID: Final = "6c26696b-3568-48ae-a962-9a920567a604"
TIME: Final = r"\d\d:\d\d:\d\d\.\d{3}"

REPORT = (
    f"REPORT RequestId: {FUNCTION_ID}\tDuration: 51.31 ms\tBilled Duration: 52 ms\t"
    "Memory Size: 512 MB\tMax Memory Used: 110 MB\t"
)


def rendered(message: str, source: str = "function") -> Text:
    text = Renderer().render(event(message, source))
    assert text is not None
    return text


def told(message: str, source: str = "function") -> str:
    """Return the text after the time."""
    time, _, rest = rendered(message, source).plain.partition(" ")
    assert re.fullmatch(TIME, time)
    return rest


def app_line(message: str, level: str = "INFO", **fields: object) -> str:
    ids = {"requestId": GATEWAY_ID, "functionRequestId": FUNCTION_ID}
    line = {"time": "2026-11-23T21:05:03.905Z", "level": level, "logger": "src.api.access"}
    return json.dumps({**line, **ids, "message": message, **fields})


def access_line(**values: str) -> str:
    absent = dict.fromkeys(("functionRequestId", "integrationError", "authorizerError"), "-")
    line = {"requestId": GATEWAY_ID, "method": "GET", "path": "/blogs", "status": "200"}
    return json.dumps({**absent, **line, "latency": "12", **values})


def test_a_line_of_the_app_is_level_id_message_and_what_the_message_does_not_say() -> None:
    line = app_line("GET /health 200", method="GET", status=200, durationMs=0.29, route=None)
    assert told(line) == f"INFO    {GATEWAY_ID} GET /health 200  durationMs=0.29"


def test_a_warning_says_who_warns() -> None:
    line = app_line("Busy", "WARNING", reason="too many")
    assert told(line) == f'WARNING {GATEWAY_ID} Busy  reason="too many"  logger=src.api.access'


def test_a_traceback_is_readable() -> None:
    traceback = "Traceback (most recent call last):\n  File \"x.py\", line 1\nKeyError: 'a'"
    line = app_line("Unexpected error: KeyError", "ERROR", exception=traceback)
    first, *rest = told(line).splitlines()
    assert first == f"ERROR   {GATEWAY_ID} Unexpected error: KeyError  logger=src.api.access"
    assert rest == [f"    {each}" for each in traceback.splitlines()]


def test_a_message_of_several_lines_is_indented() -> None:
    assert told(app_line("one\ntwo")) == f"INFO    {GATEWAY_ID} one\n    two"


def test_an_access_line_is_the_request_its_status_and_latency() -> None:
    assert told(access_line(), "access") == f"access  {GATEWAY_ID} GET /blogs 200 12 ms"


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"path": "/nothing", "route": "-"}, "GET /nothing 404 12 ms"),
        ({"path": "-"}, "GET (no route) 404 12 ms"),
        ({"method": "-", "path": "-", "latency": "-"}, "(no route) 404"),
    ],
)
def test_an_access_line_without_a_path_or_route_never_shows_none(
    values: dict[str, str], shown: str
) -> None:
    assert told(access_line(status="404", **values), "access") == f"access  {GATEWAY_ID} {shown}"


def test_an_access_line_tells_why_the_gateway_refused() -> None:
    line = access_line(status="401", authorizerError="invalid_token", integrationLatency="-")
    assert told(line, "access").endswith("GET /blogs 401 12 ms  authorizerError=invalid_token")


def test_lambda_s_report_is_brief() -> None:
    expected = "lambda  6c26696b took 51.31 ms, billed 52 ms, memory 110 of 512 MB"
    assert told(REPORT) == expected
    assert told(f"{REPORT}\nXRAY TraceId: 1-2-3\tSegmentId: 4\tSampled: true\t\n") == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"{REPORT}Init Duration: 812.45 ms\t", "took 51.31 ms, cold start 812.45 ms, billed"),
        (f"{REPORT}Restore Duration: 432.10 ms\t", "took 51.31 ms, restored in 432.10 ms, billed"),
        (
            "INIT_START Runtime Version: python:3.12.v57\tRuntime Version ARN: arn:aws:lambda:us:1",
            "cold start of python:3.12.v57",
        ),
        (
            "INIT_REPORT Init Duration: 10008.31 ms\tPhase: init\tStatus: timeout",
            "cold start 10008.31 ms, status timeout",
        ),
        ("RESTORE_REPORT Restore Duration: 432.10 ms", "restored in 432.10 ms"),
    ],
)
def test_cold_starts_are_shown(line: str, words: str) -> None:
    assert words in told(line)


@pytest.mark.parametrize("kind", ["START", "END"])
def test_lines_that_only_enclose_an_invocation_are_left_out(kind: str) -> None:
    assert Renderer().render(event(f"{kind} RequestId: {FUNCTION_ID} Version: 3")) is None


def test_lambda_s_lines_carry_the_id_that_the_client_knows() -> None:
    renderer = Renderer()
    renderer.render(event(app_line("GET /health 200")))
    report = renderer.render(event(REPORT))
    assert report is not None
    assert f" {GATEWAY_ID} took" in report.plain


@pytest.mark.parametrize(
    ("line", "style"),
    [
        (app_line("x", "ERROR"), "red"),
        (app_line("x", "WARNING"), "yellow"),
        (f"{REPORT}Status: timeout", "red"),
        (f"2026-11-23T21:05:03.911Z {FUNCTION_ID} Task timed out after 30.00 seconds", "red"),
        (f"RequestId: {FUNCTION_ID} Error: Runtime exited with error: exit status 1", "red"),
        ("[ERROR] Runtime.ImportModuleError: Unable to import module 'src.main'", "red"),
    ],
)
def test_trouble_is_coloured(line: str, style: str) -> None:
    assert style in {str(span.style) for span in rendered(line).spans}


@pytest.mark.parametrize(("status", "style"), [("200", ""), ("404", "yellow"), ("503", "red")])
def test_a_status_is_coloured(status: str, style: str) -> None:
    spans = rendered(access_line(status=status), "access").spans
    assert {"yellow", "red"} & {str(span.style) for span in spans} == {style} - {""}


def test_what_the_runtime_reports_is_readable() -> None:
    text = f"[ERROR] KeyError: 'a'\rTraceback (most recent call last):\r\xa0\xa0File {FUNCTION_ID}"
    first, second, third = told(text).splitlines()
    assert first.endswith("[ERROR] KeyError: 'a'")
    assert second == "    Traceback (most recent call last):"
    assert third == f"      File {FUNCTION_ID}"


@pytest.mark.parametrize("message", ["plain words", "[1, 2]", '{"other": "json"}', "{broken", "7"])
def test_what_others_print_is_shown_as_it_is(message: str) -> None:
    assert told(f"{message}\n").endswith(f" {message}")
    assert told(message, "access").endswith(f" {message}")


def test_nothing_steers_the_terminal() -> None:
    line = app_line("\x1b[2J\x07clear\u202e", path="\x1b]0;title\x07", exception="\x9bA\x1b[0m")
    text = rendered(line).plain
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert r"\x1b[2J\x07clear\u202e" in text
    assert told(access_line(path="/\x1b[31m"), "access").count("\\x1b") == 1


def test_our_places_stand_out() -> None:
    traceback = 'Traceback:\n  File "/var/task/src/app.py", line 3, in f\nKeyError'
    text = rendered(app_line("Failed", "ERROR", exception=traceback))
    (place,) = [span for span in text.spans if span.style == "bold"]
    assert text.plain[place.start : place.end] == "backend/src/app.py:3"


def test_what_was_searched_is_highlighted() -> None:
    renderer = Renderer(searched=re.compile("blog|12"))
    text = renderer.render(event(access_line(), "access", timestamp=0))
    assert text is not None
    marked = [span for span in text.spans if span.style == "black on yellow"]
    assert [text.plain[span.start : span.end] for span in marked] == ["blog", "12"]


LEVELS: Final = {
    "chatter": ["report", "debug", "info", "ok", "warning", "missing", "error", "broken", "crash"],
    "normal": ["info", "ok", "warning", "missing", "error", "broken", "crash"],
    "warning": ["warning", "missing", "error", "broken", "crash"],
    "error": ["error", "broken", "crash"],
}


@pytest.mark.parametrize("level", ["chatter", "normal", "warning", "error"])
def test_lines_below_a_level_are_left_out(level: Weight) -> None:
    lines = {
        "report": event(REPORT),
        **{
            name: event(app_line("x", name.upper()))
            for name in ("debug", "info", "warning", "error")
        },
        "ok": event(access_line(), "access"),
        "missing": event(access_line(status="404"), "access"),
        "broken": event(access_line(status="500"), "access"),
        "crash": event("[ERROR] KeyError: 'a'"),
    }
    renderer = Renderer(level=level)
    shown = {name for name, each in lines.items() if renderer.render(each) is not None}
    assert shown == set(LEVELS[level])


def test_a_line_that_is_left_out_connects_ids_all_the_same() -> None:
    renderer = Renderer(level="warning")
    renderer.render(event(app_line("GET /health 200")))
    report = renderer.render(event(f"{REPORT}Status: timeout"))
    assert report is not None
    assert f" {GATEWAY_ID} took" in report.plain


def test_the_emulators_secret_is_not_shown() -> None:
    url = f"http://127.0.0.1:4566/{'s' * 43}/"
    line = app_line(f"No answer of {url}", url=f"{url}x", exception=f"Error: {url}")
    assert "sss" not in rendered(line).plain
    assert rendered(line).plain.count("http://127.0.0.1:4566/") == 3


def test_another_day_is_named() -> None:
    yesterday = datetime.now().astimezone() - timedelta(days=1)
    text = Renderer().render(event("x", timestamp=int(1000 * yesterday.timestamp())))
    assert text is not None
    assert text.plain.startswith(f"{yesterday:%Y-%m-%d %H:%M:%S}.")
