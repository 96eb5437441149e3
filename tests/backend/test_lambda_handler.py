"""The real handler, imported as Lambda does: with nothing but its environment."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from portfolio.local.emulator import ACCESS_KEY
from tests.backend.lambda_handler import (
    RUN_EVENTS,
    fail_to_start,
    handler_environment,
    make_event,
    run_events,
)

if TYPE_CHECKING:
    from src.config import Settings
    from tests.backend.accounts import UserPool


@pytest.fixture(scope="module")
def environment(settings: "Settings") -> dict[str, str]:
    return handler_environment(settings)


@dataclass(frozen=True)
class Started:
    """A handler after a gateway's health check, and one without a gateway."""

    answers: list[dict[str, Any]]
    complete_models: dict[str, bool]
    link: dict[str, str]
    is_collecting: bool
    frozen_objects: int


DESCRIBE = """
import gc
from fastapi.openapi.models import Link
from src.models.error import ErrorBody
print(json.dumps({
    "answers": answers,
    "complete_models": {each.__name__: each.__pydantic_complete__ for each in (Link, ErrorBody)},
    "link": Link(operationId="getHealth").model_dump(exclude_unset=True),
    "is_collecting": gc.isenabled(),
    "frozen_objects": gc.get_freeze_count(),
}))
"""


@pytest.fixture(scope="module")
def started(environment: dict[str, str]) -> Started:
    direct = make_event("GET", "/health")
    del direct["requestContext"]["requestId"]
    process = subprocess.run(
        [sys.executable, "-c", RUN_EVENTS + DESCRIBE],
        input=json.dumps([make_event("GET", "/health"), direct]),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return Started(**json.loads(process.stdout.splitlines()[-1]))


def test_health_answers_under_the_gateway_s_id(started: Started) -> None:
    through_gateway, direct = started.answers
    assert (through_gateway["statusCode"], direct["statusCode"]) == (200, 200)
    assert json.loads(through_gateway["body"])["status"] == "healthy"
    assert through_gateway["headers"]["x-request-id"] == "gateway-id="
    assert direct["headers"]["x-request-id"] == "lambda-id"


WATCH = """
import json, sys
import botocore.session
seen = {"clients": [], "network": []}
create_client = botocore.session.Session.create_client
def note_client(session, service, *arguments, **options):
    seen["clients"].append(service)
    return create_client(session, service, *arguments, **options)
botocore.session.Session.create_client = note_client
def note_network(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        seen["network"].append(event)
sys.addaudithook(note_network)
import src.main
print(json.dumps(seen))
"""


def test_the_init_phase_makes_the_client_once_and_leaves_the_network_alone(
    environment: dict[str, str],
) -> None:
    process = subprocess.run(
        [sys.executable, "-c", f"{WATCH}{RUN_EVENTS}print(json.dumps(seen))"],
        input=json.dumps([make_event("GET", "/blogs"), make_event("GET", "/projects")]),
        env=environment
        | {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
            "LOG_LEVEL": "INFO",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    # The practice request is not in the access log.
    started, *requests, answered = map(json.loads, process.stdout.splitlines())
    assert started == {"clients": ["dynamodb"], "network": []}
    assert [(each["route"], each["status"]) for each in requests] == [
        ("/blogs", 200),
        ("/projects", 200),
    ]
    assert answered["clients"] == ["dynamodb"]
    assert answered["network"]


def test_an_unusable_endpoint_or_missing_credentials_stop_the_init_phase(
    environment: dict[str, str],
) -> None:
    assert "Invalid endpoint: no-url" in fail_to_start(environment | {"AWS_ENDPOINT_URL": "no-url"})
    without_key = {name: environment[name] for name in environment if "_KEY" not in name}
    session_key = environment["SESSION_KEY"]
    log = fail_to_start(
        without_key | {"SESSION_KEY": session_key, "AWS_EC2_METADATA_DISABLED": "true"}
    )
    assert "The warm-up request failed: 500" in log
    assert "Unable to locate credentials" in log


def test_models_that_requests_do_not_need_are_not_built_and_garbage_is_collected(
    started: Started,
) -> None:
    assert started.complete_models == {"Link": False, "ErrorBody": True}
    assert started.link == {"operationId": "getHealth"}
    assert started.is_collecting
    assert started.frozen_objects > 10_000


def test_a_login_and_tokens_leave_nothing_secret_in_the_log(
    environment: dict[str, str], pool: "UserPool", owner_headers: dict[str, str]
) -> None:
    credentials = json.dumps({"email": pool.owner.email, "password": pool.owner.password})
    (login, me, stranger), log = run_events(
        environment,
        make_event("POST", "/auth/login", credentials, content_type="application/json"),
        make_event("GET", "/auth/me", authorization=owner_headers["Authorization"]),
        make_event("GET", "/auth/me"),
    )
    assert [each["statusCode"] for each in (login, me, stranger)] == [200, 200, 401]
    tokens = json.loads(login["body"])["id_token"], owner_headers["Authorization"].split()[1]
    for secret in (pool.owner.password, *tokens):
        assert secret not in log


def test_an_unexpected_failure_is_logged_as_json_under_the_request_s_id(
    environment: dict[str, str], pool: "UserPool"
) -> None:
    credentials = json.dumps({"email": pool.owner.email, "password": pool.owner.password})
    login = make_event("POST", "/auth/login", credentials, content_type="application/json")
    broken = {**environment, "COGNITO_CLIENT_ID": "unknown", "LOG_LEVEL": "ERROR"}
    (answer,), log = run_events(broken, login)
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["error"] == "Internal Server Error"
    assert answer["headers"]["x-request-id"] == "gateway-id="
    line = json.loads(log)
    assert (line["level"], line["requestId"]) == ("ERROR", "gateway-id=")
    assert "Traceback" in line["exception"]
    assert pool.owner.password not in log
