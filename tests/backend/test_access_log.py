"""The line that each request leaves in the log."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.backend.content_checks import post_body
from tests.backend.lambda_handler import handler_environment, make_event, run_events

if TYPE_CHECKING:
    from src.config import Settings


@pytest.fixture(scope="module")
def environment(settings: "Settings") -> dict[str, str]:
    return handler_environment(settings) | {
        "LOG_LEVEL": "INFO",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def access_lines(log: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines()]
    return [line for line in lines if line["logger"] == "src.api.access"]


def test_a_request_is_told_with_its_ids_route_status_and_duration(
    environment: dict[str, str],
) -> None:
    _, log = run_events(environment, make_event("GET", "/v1/health"))

    (line,) = access_lines(log)
    moment, duration = datetime.fromisoformat(line.pop("time")), line.pop("durationMs")
    assert abs(datetime.now(UTC) - moment) < timedelta(seconds=60)
    assert 0 < duration < 60_000
    assert line == {
        "level": "INFO",
        "logger": "src.api.access",
        "requestId": "gateway-id=",
        "functionRequestId": "lambda-id",
        "message": "GET /v1/health 200",
        "method": "GET",
        "route": "/v1/health",
        "status": 200,
        "role": "public",
    }


def test_routes_are_templates_and_nothing_that_a_client_chose(environment: dict[str, str]) -> None:
    secret = uuid.uuid4().hex
    _, log = run_events(
        environment,
        make_event("GET", f"/v1/blog/posts/{secret}", user_agent=secret, x_session_id=secret),
        make_event("POST", f"/v1/projects/{secret}/publish"),
        make_event("GET", f"/{secret}"),
        make_event("PATCH", "/v1/certifications"),
        make_event("GET", "/health"),
    )

    assert [(line["route"], line["status"]) for line in access_lines(log)] == [
        ("/v1/blog/posts/{id}", 404),
        ("/v1/projects/{id}/publish", 401),
        (None, 404),
        ("/v1/certifications", 405),
        ("/health", 200),
    ]
    assert secret not in log


def test_the_role_is_that_of_a_token_that_holds(
    environment: dict[str, str], owner_headers: dict[str, str], user_headers: dict[str, str]
) -> None:
    tokens = [owner_headers["Authorization"], user_headers["Authorization"], "Bearer forged"]
    path = "/v1/analytics/total-views"
    _, log = run_events(
        environment, *(make_event("GET", path, authorization=token) for token in tokens)
    )

    found = [(line["role"], line["status"]) for line in access_lines(log)]
    assert found == [("owner", 200), ("public", 403), ("public", 401)]
    assert not [token for token in tokens if token.removeprefix("Bearer ") in log]


def test_a_quieter_level_leaves_it_out(environment: dict[str, str]) -> None:
    _, log = run_events(environment | {"LOG_LEVEL": "WARNING"}, make_event("GET", "/health"))
    assert log == ""


def test_a_line_is_json_whatever_went_wrong(
    environment: dict[str, str], owner_headers: dict[str, str]
) -> None:
    half_a_pair = '{"title": "\\ud800"}'
    event = make_event(
        "POST",
        "/v1/blog/posts",
        half_a_pair,
        content_type="application/json",
        authorization=owner_headers["Authorization"],
    )
    _, log = run_events(environment, event)
    assert [line["status"] for line in access_lines(log)] == [400]


def test_a_failure_s_line_has_the_status_the_client_saw(
    environment: dict[str, str], client: httpx.Client, owner_headers: dict[str, str]
) -> None:
    assert client.post("/v1/blog/posts", json=post_body(), headers=owner_headers).is_success
    broken = environment | {"DYNAMODB_TABLE_NAME": "no-such-table"}
    _, log = run_events(broken, make_event("GET", "/v1/blog/posts"))

    failure, access = (json.loads(line) for line in log.splitlines())
    assert failure["level"] == "ERROR"
    assert "Traceback" in failure["exception"]
    assert access["status"] == 500
    assert failure["requestId"] == access["requestId"] == "gateway-id="
