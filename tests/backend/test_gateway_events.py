"""Events as AWS's gateway sends them, where those of the emulator differ."""

import base64
import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from src import SITE
from src.api.content import MAX_PAGE_BYTES
from src.repositories.content import ContentRepository
from src.repositories.posts import POSTS
from src.repositories.table import Table
from tests.backend.content_checks import post_input
from tests.backend.lambda_client import FUNCTION_ID, Invoke, open_handler
from tests.backend.lambda_handler import make_event

if TYPE_CHECKING:
    from fastapi import FastAPI

type Event = dict[str, Any]

ORIGIN = f"https://{SITE}"
LAMBDA_LIMIT = 6 * 1024 * 1024
"""Size of an answer, in bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

OWNERS_ROUTE = "/analytics/views/total"


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
        "/auth/login",
        base64.b64encode(body.encode()).decode(),
        content_type="application/vnd.api+json",
    )
    event["isBase64Encoded"] = True
    answer = invoke(event)
    assert (answer["statusCode"], "password" in answer["body"]) == (401, True)


@pytest.mark.parametrize(
    ("addresses", "tracked"),
    [
        (("192.0.2.7", "192.0.2.7:1025", "192.0.2.7:65535"), [True, False, False]),
        (("2001:db8::7", "[2001:db8::7]:443", "[2001:db8::7]"), [True, False, False]),
        (("2001:db8::1:7", "2001:db8::1:8", "192.0.2.8"), [True, True, True]),
    ],
    ids=["IPv4", "IPv6", "different"],
)
def test_the_port_of_a_client_does_not_make_another_visitor(
    invoke: Invoke, addresses: tuple[str, ...], tracked: list[bool]
) -> None:
    answers: list[bool] = []
    for address in addresses:
        event = make_event("POST", "/visitors/track")
        event["requestContext"]["http"]["sourceIp"] = address
        answers.append(json.loads(invoke(event)["body"])["tracked"])
    assert answers == tracked


@pytest.mark.parametrize("character", ["x", '"', "é", "\u4e16"], ids=["x", "quote", "é", "世"])
def test_a_list_of_large_posts_fits_into_lambda_s_answer(
    app: "FastAPI", invoke: Invoke, character: str
) -> None:
    table = Table(app.state.services.dynamodb, app.state.settings.dynamodb_table_name)
    posts = ContentRepository(POSTS, table)
    content = character * (299_000 // len(character.encode()))
    category = str(ord(character))
    own = [
        posts.publish(posts.create(post_input(content=content, category=category)).id).id
        for _ in range(20)
    ]
    found: list[str] = []
    while len(found) < len(own):
        event = make_event("GET", "/blogs")
        event["rawQueryString"] = f"category={category}&offset={len(found)}"
        answer = invoke(event)
        assert len(json.dumps(answer, ensure_ascii=False).encode()) < LAMBDA_LIMIT
        body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
        assert len(body) <= MAX_PAGE_BYTES
        page = json.loads(body)
        assert (page["total"], page["limit"], page["offset"]) == (20, 100, len(found))
        assert page["items"]
        found += [post["id"] for post in page["items"]]
    assert found == own[::-1]


def with_header(name: str, value: Any) -> Event:
    event = make_event("GET", "/health", origin=ORIGIN)
    event["headers"][name] = value
    return event


def with_http(**values: Any) -> Event:
    event = make_event("GET", "/health", origin=ORIGIN)
    event["requestContext"]["http"] |= values
    return event


def with_values(**values: Any) -> Event:
    return make_event("POST", "/visitors/track", origin=ORIGIN) | values


def without(name: str) -> Event:
    event = make_event("GET", "/health", origin=ORIGIN)
    del event[name]
    return event


UNREADABLE_EVENTS: dict[str, Event] = {
    "port": with_header("x-forwarded-port", "swordfish"),
    "no port": with_header("x-forwarded-port", ""),
    "ipv6 host": with_header("host", "[::1]:8000"),
    "host without a port": with_header("host", "swordfish:"),
    "host with a name as port": with_header("Host", "a:swordfish"),
    "null header": with_header("accept", None),
    "number as header": with_header("accept", 7),
    "surrogate in a header": with_header("accept", "\ud800"),
    "null address": with_http(sourceIp=None),
    "number as path": with_http(path=7),
    "surrogate in the path": with_http(path="/\ud800"),
    "null method": with_http(method=None),
    "list as method": with_http(method=["GET"]),
    "null query": with_values(rawQueryString=None),
    "surrogate in the query": with_values(rawQueryString="a=\ud800"),
    "cookies": with_values(cookies=[None]),
    "body that is not base64": with_values(body="swordfish!", isBase64Encoded=True),
    "object as body": with_values(body={"swordfish": 1}),
    "unknown version": with_values(version="3.0"),
    "null version": with_values(version=None),
    "no version": without("version"),
    "preflight": with_http(method="OPTIONS", path=7),
}
"""Events that cannot be read, but have a request id and an origin."""


def assert_refused(answer: dict[str, Any]) -> dict[str, str]:
    """Check the 400 in the form of all errors; return its headers."""
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"]) == {
        "error": "Bad Request",
        "message": "The request cannot be read: check its headers and its encoding.",
        "detail": "The request cannot be read: check its headers and its encoding.",
        "statusCode": 400,
    }
    headers: dict[str, str] = answer["headers"]
    assert (headers["content-type"], headers["cache-control"]) == ("application/json", "no-store")
    return headers


@pytest.mark.parametrize("name", UNREADABLE_EVENTS)
def test_an_unreadable_event_is_400_for_the_page_that_caused_it(
    invoke: Invoke, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level(logging.INFO):
        headers = assert_refused(invoke(UNREADABLE_EVENTS[name]))
    assert headers["x-request-id"] == "gateway-id="
    assert headers["access-control-allow-origin"] == ORIGIN
    (warning,) = (each for each in caplog.records if each.levelno == logging.WARNING)
    assert warning.getMessage().startswith("The event could not be read")
    assert "swordfish" not in caplog.text


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"version": "2.0"},
        {"version": "2.0", "requestContext": None, "headers": None},
        {"version": "2.0", "requestContext": {"requestId": 7, "http": None}},
        {"version": "2.0", "requestContext": {"requestId": "\ud800"}, "headers": {"origin": 7}},
        with_values(headers=None, requestContext={}),
        {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}},
        [],
        None,
        "event",
    ],
    ids=repr,
)
def test_an_event_of_another_form_is_400_under_lambda_s_id(invoke: Invoke, event: Any) -> None:
    assert assert_refused(invoke(event))["x-request-id"] == FUNCTION_ID


def test_an_unreadable_id_of_the_gateway_is_replaced_by_lambda_s(invoke: Invoke) -> None:
    event = make_event("GET", "/health")
    for unreadable in (None, 7, "\ud800", "", "a\nb"):
        event["requestContext"]["requestId"] = unreadable
        answer = invoke(event)
        assert (answer["statusCode"], answer["headers"]["x-request-id"]) == (200, FUNCTION_ID)
