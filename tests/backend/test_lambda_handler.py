"""The real handler, imported as Lambda does: with nothing but its environment."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.backend.lambda_handler import RUN_EVENTS, handler_environment, make_event, run_events

if TYPE_CHECKING:
    from src.config import Settings
    from tests.backend.accounts import UserPool


@pytest.fixture(scope="module")
def environment(settings: "Settings") -> dict[str, str]:
    return handler_environment(settings)


def test_health_answers_under_the_gateway_s_id(environment: dict[str, str]) -> None:
    direct = make_event("GET", "/health")
    del direct["requestContext"]["requestId"]
    answers, _ = run_events(environment, make_event("GET", "/v1/health"), direct)
    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert json.loads(answers[0]["body"]) == {"status": "healthy"}
    assert answers[0]["headers"]["x-request-id"] == "gateway-id="
    assert answers[1]["headers"]["x-request-id"] == "lambda-id"


def test_health_leaves_the_heavy_libraries_alone(environment: dict[str, str]) -> None:
    script = f"{RUN_EVENTS}\nprint(sorted({{'boto3', 'jose'}} & set(sys.modules)))"
    process = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps([make_event("GET", "/health")]),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.splitlines()[-1] == "[]"


def test_what_no_request_needs_is_not_built_and_garbage_is_collected(
    environment: dict[str, str],
) -> None:
    script = """
import gc, src.main
from fastapi.openapi.models import Link
from src.models.error import ErrorBody
print(Link.__pydantic_complete__, ErrorBody.__pydantic_complete__)
print(gc.isenabled(), gc.get_freeze_count() > 10_000)
print(Link(operationId="getHealth").model_dump(exclude_unset=True))
"""
    environment = {**environment, "LOG_LEVEL": "INFO"}
    command = [sys.executable, "-c", script]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert process.stdout.split("\n", 2) == [
        "False True",
        "True True",
        "{'operationId': 'getHealth'}\n",
    ]


def test_a_login_and_what_follows_with_nothing_secret_in_the_log(
    environment: dict[str, str], pool: "UserPool"
) -> None:
    credentials = json.dumps({"email": pool.owner.email, "password": pool.owner.password})
    login = make_event("POST", "/v1/auth/login", credentials, content_type="application/json")
    (answer,), log = run_events(environment, login)
    assert answer["statusCode"] == 200
    token = json.loads(answer["body"])["token"]
    (me, stranger), more_log = run_events(
        environment,
        make_event("GET", "/v1/auth/me", authorization=f"Bearer {token}"),
        make_event("GET", "/v1/auth/me"),
    )
    assert (me["statusCode"], stranger["statusCode"]) == (200, 401)
    for secret in (pool.owner.password, token):
        assert secret not in log + more_log


def test_an_unexpected_failure_is_logged_as_json_under_the_request_s_id(
    environment: dict[str, str], pool: "UserPool"
) -> None:
    credentials = json.dumps({"email": pool.owner.email, "password": pool.owner.password})
    login = make_event("POST", "/v1/auth/login", credentials, content_type="application/json")
    broken = {**environment, "AWS_ENDPOINT_URL": "no-url", "LOG_LEVEL": "ERROR"}
    (answer,), log = run_events(broken, login)
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["error"] == "Internal Server Error"
    assert answer["headers"]["x-request-id"] == "gateway-id="
    line = json.loads(log)
    assert (line["level"], line["requestId"]) == ("ERROR", "gateway-id=")
    assert "Traceback" in line["exception"]
    assert pool.owner.password not in log
