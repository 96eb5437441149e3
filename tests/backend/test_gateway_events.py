"""Events as AWS's gateway sends them, where those of the emulator differ."""

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.lambda_handler import handler_environment, make_event, run_events

if TYPE_CHECKING:
    from src.config import Settings

OWNERS_ROUTE = "/v1/analytics/total-views"


@pytest.fixture(scope="module")
def environment(settings: "Settings") -> dict[str, str]:
    return handler_environment(settings) | {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def test_an_event_as_aws_sends_it_is_answered(
    environment: dict[str, str], owner_headers: dict[str, str]
) -> None:
    event = make_event(
        "GET",
        OWNERS_ROUTE,
        authorization=owner_headers["Authorization"],
        x_forwarded_for="192.0.2.1, 198.51.100.2",
        x_forwarded_port="443",
        x_forwarded_proto="https",
        x_amzn_trace_id="Root=1-5bdb40ca-556d8b0c50dc66f0511bf520",
    )
    event["cookies"] = ["theme=dark", "consent=no"]
    (answer,), _ = run_events(environment, event)
    assert answer["statusCode"] == 200


def test_claims_that_the_gateway_hands_on_are_not_believed(
    environment: dict[str, str], user_headers: dict[str, str]
) -> None:
    stranger = make_event("GET", OWNERS_ROUTE)
    user = make_event("GET", OWNERS_ROUTE, authorization=user_headers["Authorization"])
    for event in (stranger, user):
        event["requestContext"]["authorizer"] = owners_claims()
    answers, _ = run_events(environment, stranger, user)
    assert [answer["statusCode"] for answer in answers] == [401, 403]


def owners_claims() -> dict[str, Any]:
    """The owner's, as AWS writes a list."""
    claims = {"sub": "owner", "cognito:groups": "[owner]", "token_use": "access"}
    return {"jwt": {"claims": claims, "scopes": ["aws.cognito.signin.user.admin"]}}


def test_a_body_in_base64_is_read(environment: dict[str, str]) -> None:
    body = json.dumps({"email": "nobody@example.com", "password": "Not-the-owner-s-1"})
    event = make_event(
        "POST",
        "/v1/auth/login",
        base64.b64encode(body.encode()).decode(),
        content_type="application/vnd.api+json",
    )
    event["isBase64Encoded"] = True
    (answer,), _ = run_events(environment, event)
    assert (answer["statusCode"], "password" in answer["body"]) == (401, True)
