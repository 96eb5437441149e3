"""The contract's section on errors, seen through routes of our own."""

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from src import SITE
from src.app import create_app
from src.utils.strict_json import MAX_KEYS
from tests.backend.app_client import connect
from tests.backend.probe import router

if TYPE_CHECKING:
    from src.config import Settings

SURROGATE = "\\ud800"


@pytest.fixture(scope="module")
def probe_client(settings: "Settings") -> Iterator[httpx.Client]:
    app = create_app(settings)
    app.include_router(router)
    with connect(app) as client:
        yield client


def post_json(client: httpx.Client, body: str | bytes, path: str = "body") -> httpx.Response:
    headers = {"Content-Type": "application/json"}
    return client.post(f"/probe/{path}", content=body, headers=headers)


def assert_error(answer: httpx.Response, status: int, error: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert answer.status_code == status
    assert (body["error"], body["statusCode"]) == (error, status)
    assert body["message"] == body["detail"] != ""
    assert set(body) <= {"error", "message", "detail", "statusCode", "details"}
    if "details" in body:
        field, reason = next(iter(body["details"].items()))
        assert body["message"] == f"{field}: {reason}"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]
    return body


def test_good_input_arrives(probe_client: httpx.Client) -> None:
    for body in ('{"longName": "é 😀"}', '{"longName": "\\u00e9 \\ud83d\\ude00"}'):
        answer = post_json(probe_client, body)
        assert answer.status_code == 200
        assert answer.json() == {"longName": "é 😀"}


@pytest.mark.parametrize("number", ["7", "7.0", "7e0"])
def test_a_whole_number_may_be_written_in_any_way(probe_client: httpx.Client, number: str) -> None:
    assert post_json(probe_client, f'{{"longName": "x", "count": {number}}}').status_code == 200


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/x+json"]
)
def test_json_media_types_are_taken(probe_client: httpx.Client, content_type: str) -> None:
    answer = probe_client.post(
        "/probe/body", content='{"longName": "x"}', headers={"Content-Type": content_type}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{", "line 1, column 2"),
        ("nope", "line 1, column 1"),
        ('{"longName": "x"} {}', "line 1, column 19"),
        ("{'longName': 'x'}", "line 1, column 2"),
        ('{"longName": "x", "count": NaN}', "out of range"),
        ('{"longName": "x", "count": -Infinity}', "out of range"),
        ('{"longName": "x", "count": 1e999}', "out of range"),
        ('{"longName": "x", "count": ' + "9" * 5_000 + "}", "out of range"),
        (f'{{"longName": "{SURROGATE}"}}', "UTF-8"),
        (f'{{"longName": "x", "{SURROGATE}": 1}}', "UTF-8"),
        (f'{{"longName": "x", "tags": [{{"a": ["{SURROGATE}"]}}]}}', "UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"longName": ' * 10_000 + "1" + "}" * 10_000, "nested too deeply"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"longName": "\xed\xa0\x80"}', "UTF-8"),
        (b'\xef\xbb\xbf{"longName": "x"}', "line 1, column 1"),
    ],
    ids=lambda value: repr(value[:40]),
)
def test_invalid_json_is_refused(
    probe_client: httpx.Client, body: str | bytes, message: str
) -> None:
    error = assert_error(post_json(probe_client, body), 400, "Bad Request")
    assert message in error["message"]
    assert "details" not in error


@pytest.mark.parametrize("depth", [10, 100, 500, 900, 1_000, 1_500, 3_000])
def test_nesting_of_any_depth_is_the_client_s_fault(probe_client: httpx.Client, depth: int) -> None:
    deep = "[" * depth + '"\\u00e9"' + "]" * depth
    answer = post_json(probe_client, f'{{"longName": "x", "tags": {deep}, "other": {deep}}}')
    assert_error(answer, 400, "Bad Request")


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, {"longName": "is required"}),
        ({"longName": ""}, {"longName": "must not be empty"}),
        ({"longName": "x" * 2_001}, {"longName": "must have at most 2,000 characters"}),
        ({"longName": None}, {"longName": "must be text"}),
        ({"longName": "x", "secret": "xx"}, {"secret": "must have at most 1 character"}),
        ({"longName": "x", "secret": ""}, {"secret": "must not be empty"}),
        ({"longName": "x", "secret": 7}, {"secret": "must be text"}),
        ({"longName": "x", "pair": ["a"]}, {"pair": "must have at least 2 items"}),
        ({"longName": "x", "pair": ["a"] * 3}, {"pair": "must have at most 2 items"}),
        ({"longName": "x", "size": "swordfish"}, {"size": "must be 'small' or 'large'"}),
        ({"longName": "x", "count": "1"}, {"count": "must be a whole number"}),
        ({"longName": "x", "count": 1.5}, {"count": "must be a whole number"}),
        ({"longName": "x", "count": True}, {"count": "must be a whole number"}),
        ({"longName": "x", "on": 1}, {"on": "must be true or false"}),
        ({"longName": "x", "tags": "a"}, {"tags": "must be a list"}),
        ({"longName": "x", "code": "A"}, {"code": "has the wrong form"}),
        ({"longName": "x", "even": 7}, {"even": "must be even"}),
        (
            {"longName": "x", "short": "ééé"},
            {"short": "must have at most 4 bytes of UTF-8"},
        ),
        (
            {"longName": "x", "tags": ["a", 7, "b", ""], "on": 7},
            {
                "on": "must be true or false",
                "tags.1": "must be text",
                "tags.3": "must not be empty",
            },
        ),
        ([], {"body": "must be an object"}),
        (None, {"body": "must be an object"}),
        ("text", {"body": "must be an object"}),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_each_wrong_field_is_explained(
    probe_client: httpx.Client, body: Any, details: dict[str, str]
) -> None:
    answer = post_json(probe_client, json.dumps(body))
    assert assert_error(answer, 400, "Bad Request")["details"] == details


def test_every_wrong_field_is_in_the_details(probe_client: httpx.Client) -> None:
    answer = post_json(probe_client, json.dumps({"longName": "x", "tags": [7] * 60}))
    details = assert_error(answer, 400, "Bad Request")["details"]
    assert details == {f"tags.{place}": "must be text" for place in range(60)}


def test_a_long_list_of_wrong_values_is_refused_by_its_length(probe_client: httpx.Client) -> None:
    answer = post_json(probe_client, json.dumps({"longName": "x", "pair": [7] * 300_000}))
    details = assert_error(answer, 400, "Bad Request")["details"]
    assert details == {"pair": "must have at most 2 items"}


def test_no_value_is_repeated(probe_client: httpx.Client) -> None:
    wrong = {"longName": 7, "count": "swordfish", "code": "Swordfish", "pair": ["swordfish"]}
    answer = post_json(probe_client, json.dumps({**wrong, "size": "swordfish", "on": "swordfish"}))
    assert len(assert_error(answer, 400, "Bad Request")["details"]) == 6
    assert "swordfish" not in answer.text.lower()


@pytest.mark.parametrize(
    "body",
    [
        f"{{{', '.join(f'"k{number}": 1' for number in range(MAX_KEYS + 1))}}}",
        f"{{{', '.join(['"longName": "x"'] * (MAX_KEYS + 1))}}}",
        f'{{"longName": "x", "tags": [{json.dumps(dict.fromkeys(map(str, range(50_000)), 1))}]}}',
    ],
    ids=["unknown", "repeated", "nested"],
)
def test_an_object_with_too_many_keys_is_refused_before_it_is_validated(
    probe_client: httpx.Client, body: str
) -> None:
    error = assert_error(post_json(probe_client, body), 400, "Bad Request")
    assert error["message"] == "The body has an object with more than 200 keys."
    assert "details" not in error


def test_a_body_is_needed(probe_client: httpx.Client) -> None:
    answer = probe_client.post("/probe/body")
    assert assert_error(answer, 400, "Bad Request")["details"] == {"body": "is required"}


def test_a_body_that_may_be_left_out_may_not_be_null(probe_client: httpx.Client) -> None:
    assert probe_client.put("/probe/optional").json() == {"longName": "default"}
    headers = {"Content-Type": "application/json"}
    answer = probe_client.put("/probe/optional", content="null", headers=headers)
    assert assert_error(answer, 400, "Bad Request")["details"] == {"body": "must be an object"}


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_a_body_that_is_not_declared_json_is_refused(
    probe_client: httpx.Client, content_type: str
) -> None:
    answer = probe_client.post(
        "/probe/body", content='{"longName": "x"}', headers={"Content-Type": content_type}
    )
    assert "application/json" in assert_error(answer, 400, "Bad Request")["message"]


def test_a_stranger_s_malformed_body_is_unauthorized_first(
    probe_client: httpx.Client, owner_headers: dict[str, str], user_headers: dict[str, str]
) -> None:
    assert_error(post_json(probe_client, "{", "owner"), 401, "Unauthorized")
    for headers, status in ((user_headers, 403), (owner_headers, 400)):
        typed = {**headers, "Content-Type": "application/json"}
        answer = probe_client.post("/probe/owner", content="{", headers=typed)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ("0", "must be at least 1"),
        ("101", "must be at most 100"),
        ("ten", "must be a whole number"),
        ("9" * 5_000, "is out of range"),
        ("1.5", "must be a whole number"),
    ],
    ids=lambda value: value[:20],
)
def test_a_wrong_query_parameter_is_explained(
    probe_client: httpx.Client, limit: str, reason: str
) -> None:
    answer = probe_client.get("/probe/query", params={"limit": limit, "other": "ignored"})
    assert assert_error(answer, 400, "Bad Request")["details"] == {"limit": reason}


def test_a_wrong_method_is_answered_with_the_methods_of_every_route(
    probe_client: httpx.Client,
) -> None:
    answer = probe_client.delete("/probe/query")
    assert_error(answer, 405, "Method Not Allowed")
    assert answer.headers["allow"] == "GET, HEAD, PUT"


def test_an_unexpected_failure_says_nothing_and_is_logged(
    probe_client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = probe_client.get("/probe/broken", headers={"Origin": f"https://{SITE}"})
    assert_error(answer, 500, "Internal Server Error")
    assert "swordfish" not in answer.text
    assert "BrokenError" not in answer.text
    assert answer.headers["access-control-allow-origin"] == f"https://{SITE}"
    assert "swordfish" in caplog.text
    assert "in break_down" in caplog.text
