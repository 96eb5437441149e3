"""Events as AWS's gateway sends them, where those of the emulator differ."""

import base64
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.lambda_client import Invoke, open_handler
from tests.backend.lambda_handler import make_event

if TYPE_CHECKING:
    from fastapi import FastAPI

OWNERS_ROUTE = "/v1/analytics/total-views"


@pytest.fixture
def invoke(app: "FastAPI") -> Iterator[Invoke]:
    with open_handler(app) as opened:
        yield opened


def test_an_event_as_aws_sends_it_is_answered(
    invoke: Invoke, owner_headers: dict[str, str]
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
    assert invoke(event)["statusCode"] == 200


def test_claims_that_the_gateway_hands_on_are_not_believed(
    invoke: Invoke, user_headers: dict[str, str]
) -> None:
    stranger = make_event("GET", OWNERS_ROUTE)
    user = make_event("GET", OWNERS_ROUTE, authorization=user_headers["Authorization"])
    for event in (stranger, user):
        event["requestContext"]["authorizer"] = owners_claims()
    assert [invoke(event)["statusCode"] for event in (stranger, user)] == [401, 403]


def owners_claims() -> dict[str, Any]:
    """The owner's, as AWS writes a list."""
    claims = {"sub": "owner", "cognito:groups": "[owner]", "token_use": "access"}
    return {"jwt": {"claims": claims, "scopes": ["aws.cognito.signin.user.admin"]}}


def test_a_body_in_base64_is_read(invoke: Invoke) -> None:
    body = json.dumps({"email": "nobody@example.com", "password": "Not-the-owner-s-1"})
    event = make_event(
        "POST",
        "/v1/auth/login",
        base64.b64encode(body.encode()).decode(),
        content_type="application/vnd.api+json",
    )
    event["isBase64Encoded"] = True
    answer = invoke(event)
    assert (answer["statusCode"], "password" in answer["body"]) == (401, True)
