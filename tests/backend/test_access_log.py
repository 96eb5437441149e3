"""The log line of each request."""

import contextlib
import io
import json
import logging
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from src.app import create_app
from src.config import LogLevel
from src.utils.logging import configure_logging
from tests.backend.content_checks import post_body
from tests.backend.lambda_client import Invoke, open_handler
from tests.backend.lambda_handler import make_event

if TYPE_CHECKING:
    import httpx
    from fastapi import FastAPI

    from src.config import Settings

type Line = dict[str, Any]


@pytest.fixture
def invoke(app: "FastAPI") -> Iterator[Invoke]:
    with open_handler(app) as opened:
        yield opened


@contextmanager
def logged(level: LogLevel = LogLevel.INFO) -> Generator[list[Line]]:
    """Log as the function does; the list has the lines at the end."""
    root, lines, output = logging.getLogger(), list[Line](), io.StringIO()
    handlers, level_before = root.handlers[:], root.level
    try:
        with contextlib.redirect_stdout(output):
            configure_logging(level)
            yield lines
    finally:
        logging.basicConfig(handlers=handlers, level=level_before, force=True)
    lines += [json.loads(line) for line in output.getvalue().splitlines()]


def test_a_request_is_logged_with_its_ids_route_status_and_duration(invoke: Invoke) -> None:
    with logged() as lines:
        invoke(make_event("GET", "/health"))

    (line,) = lines
    moment, duration = datetime.fromisoformat(line.pop("time")), line.pop("durationMs")
    assert abs(datetime.now(UTC) - moment) < timedelta(seconds=60)
    assert 0 < duration < 60_000
    assert line == {
        "level": "INFO",
        "logger": "src.api.access",
        "requestId": "gateway-id=",
        "functionRequestId": "lambda-id",
        "message": "GET /health 200",
        "method": "GET",
        "route": "/health",
        "status": 200,
        "role": "public",
    }


def test_routes_are_templates_and_nothing_that_a_client_chose(invoke: Invoke) -> None:
    secret = uuid.uuid4().hex
    headers = {"user_agent": secret, "x_session_id": secret}
    with logged() as lines:
        invoke(make_event("GET", f"/blogs/{secret}", **headers))
        invoke(make_event("POST", f"/projects/{secret}/publish"))
        invoke(make_event("GET", f"/{secret}"))
        invoke(make_event("GET", "/health\n"))
        invoke(make_event("PATCH", "/certifications"))
        invoke(make_event("GET", "/health"))

    assert [(line["route"], line["status"]) for line in lines] == [
        ("/blogs/{id}", 404),
        ("/projects/{id}/publish", 401),
        (None, 404),
        (None, 404),
        ("/certifications", 405),
        ("/health", 200),
    ]
    assert secret not in str(lines)


def test_a_request_without_a_route_says_so(invoke: Invoke) -> None:
    with logged() as lines:
        invoke(make_event("GET", "/nothing"))
        invoke(make_event("GET", "/openapi.json"))
        invoke(make_event("POST", "/docs"))

    assert [line["message"] for line in lines] == [
        "GET (no route) 404",
        "GET /openapi.json 200",
        "POST /docs 405",
    ]


def test_the_role_is_that_of_a_token_that_holds(
    invoke: Invoke,
    owner_headers: dict[str, str],
    user_headers: dict[str, str],
) -> None:
    tokens = [owner_headers["Authorization"], user_headers["Authorization"], "Bearer forged"]
    with logged() as lines:
        for token in tokens:
            invoke(make_event("GET", "/analytics/views/total", authorization=token))

    found = [(line["role"], line["status"]) for line in lines]
    assert found == [("owner", 200), ("public", 403), ("public", 401)]
    assert not [token for token in tokens if token.removeprefix("Bearer ") in str(lines)]


def test_a_quieter_level_leaves_it_out(invoke: Invoke) -> None:
    with logged(LogLevel.WARNING) as lines:
        assert invoke(make_event("GET", "/health"))["statusCode"] == 200
    assert lines == []


def test_a_line_is_json_whatever_went_wrong(invoke: Invoke, owner_headers: dict[str, str]) -> None:
    half_a_pair = '{"title": "\\ud800"}'
    token = owner_headers["Authorization"]
    headers = {"content_type": "application/json", "authorization": token}
    with logged() as lines:
        invoke(make_event("POST", "/blogs", half_a_pair, **headers))
    assert [line["status"] for line in lines] == [400]


def test_a_failure_s_line_has_the_status_the_client_saw(
    settings: "Settings",
    client: "httpx.Client",
    owner_headers: dict[str, str],
) -> None:
    assert client.post("/blogs", json=post_body(), headers=owner_headers).is_success
    broken = create_app(settings.model_copy(update={"dynamodb_table_name": "no-such-table"}))
    with open_handler(broken) as invoke, logged() as lines:
        answer = invoke(make_event("GET", "/blogs"))

    failure, access = lines
    assert failure["level"] == "ERROR"
    assert "Traceback" in failure["exception"]
    assert access["status"] == answer["statusCode"] == 500
    assert failure["requestId"] == access["requestId"] == "gateway-id="
