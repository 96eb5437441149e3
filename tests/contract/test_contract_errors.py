"""The contract's section on errors, and the permissions of callers."""

from typing import Any

import httpx
import pytest

from tests.backend.accounts import bearer
from tests.contract.calls import (
    NOBODYS_ID,
    assert_refused,
    assert_unauthorized,
    create,
    path_of,
)
from tests.contract.content_kinds import KINDS, POST, Kind
from tests.contract.schema import missing_operations
from tests.contract.target import Target

MEBIBYTE = 1024 * 1024
JSON = {"Content-Type": "application/json"}
BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
"""Security of an operation that requires a token, in the schema."""

type Call = tuple[str, str]

OWNERS_CALLS: list[Call] = [
    *[("POST", kind.base) for kind in KINDS],
    *[(method, f"{kind.base}/{NOBODYS_ID}") for kind in KINDS for method in ("PUT", "DELETE")],
    *[
        ("POST", f"{kind.base}/{NOBODYS_ID}/{operation}")
        for kind in KINDS
        for operation in ("publish", "unpublish")
    ],
    ("GET", "/visitors/trends/daily"),
    ("GET", "/visitors/trends/monthly"),
    ("GET", "/analytics/views/blog"),
    ("GET", "/analytics/top-content"),
    ("GET", "/analytics/views/total"),
    ("GET", "/analytics/overview"),
    ("GET", "/analytics/pages"),
    ("GET", f"/analytics/blog/{NOBODYS_ID}/stats"),
]
USERS_CALLS: list[Call] = [("POST", "/auth/logout"), ("GET", "/auth/me")]

ALLOWED = {
    "/": {"GET"},
    "/health": {"GET"},
    "/auth/login": {"POST"},
    "/auth/logout": {"POST"},
    "/auth/me": {"GET"},
    "/auth/refresh": {"POST"},
    **{kind.base: {"GET", "POST"} for kind in KINDS},
    **{f"{kind.base}/{NOBODYS_ID}": {"GET", "PUT", "DELETE"} for kind in KINDS},
    **{f"{kind.base}/{NOBODYS_ID}/publish": {"POST"} for kind in KINDS},
    **{f"{kind.base}/{NOBODYS_ID}/unpublish": {"POST"} for kind in KINDS},
    "/blogs/categories": {"GET"},
    "/blogs/categories/list": {"GET"},
    "/blogs/slug/unknown": {"GET"},
    "/visitors/track": {"POST"},
    "/visitors/count": {"GET"},
    "/visitors/trends/daily": {"GET"},
    "/visitors/trends/monthly": {"GET"},
    f"/analytics/track/blog/{NOBODYS_ID}": {"POST"},
    f"/analytics/views/blog/{NOBODYS_ID}": {"GET"},
    "/analytics/views/blog": {"GET"},
    "/analytics/top-content": {"GET"},
    "/analytics/views/total": {"GET"},
    "/analytics/overview": {"GET"},
    "/analytics/pages": {"GET"},
    f"/analytics/blog/{NOBODYS_ID}/stats": {"GET"},
}
"""Every path, and its methods; `HEAD` works where `GET` does."""


def test_every_operation_of_the_schema_is_in_the_lists() -> None:
    calls = [f"{method} {path}" for path, methods in ALLOWED.items() for method in methods]
    assert missing_operations(calls, lambda _: True) == [], "add them to ALLOWED"
    calls = [f"{method} {path}" for method, path in OWNERS_CALLS + USERS_CALLS]
    guarded = missing_operations(calls, lambda operation: operation.get("security") == BEARER)
    assert guarded == [], "add them to OWNERS_CALLS or USERS_CALLS"


@pytest.fixture(scope="module")
def published(owner: httpx.Client) -> dict[str, Any]:
    return create(owner, POST, published=True)


# 401, 403


@pytest.mark.gateway
@pytest.mark.parametrize(("method", "path"), OWNERS_CALLS + USERS_CALLS)
def test_no_token_or_a_bad_one_is_401(
    api: httpx.Client, target: Target, method: str, path: str
) -> None:
    for headers in ({}, bearer("nonsense")):
        assert_unauthorized(target, api.request(method, path, headers=headers))


@pytest.mark.parametrize(("method", "path"), OWNERS_CALLS)
def test_a_good_token_without_the_group_is_403(user: httpx.Client, method: str, path: str) -> None:
    assert_refused(user.request(method, path), 403)


@pytest.mark.gateway
@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer a.b.c", "Basic eDp5", "nonsense"])
def test_a_header_without_a_token_is_401(
    api: httpx.Client, target: Target, authorization: str
) -> None:
    answer = api.get("/auth/me", headers={"Authorization": authorization})
    assert_unauthorized(target, answer)


@pytest.mark.gateway
def test_a_stranger_changes_nothing(
    api: httpx.Client, user: httpx.Client, owner: httpx.Client, kind: Kind
) -> None:
    item = create(owner, kind)
    for client, status in ((api, 401), (user, 403)):
        assert client.post(kind.base, json=kind.body()).status_code == status
        assert client.put(path_of(kind, item), json=kind.changes).status_code == status
        assert client.post(f"{path_of(kind, item)}/publish").status_code == status
        assert client.delete(path_of(kind, item)).status_code == status
    assert owner.get(path_of(kind, item)).json() == item


# 404


@pytest.mark.gateway
@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/v1/blogs",
        "/blog",
        "/blogs/1/nothing",
        "/visitors",
        "/analytics",
        "/Health",
        "/x//x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_404(api: httpx.Client, method: str, path: str) -> None:
    assert_refused(api.request(method, path), 404)


@pytest.mark.parametrize("path", sorted(ALLOWED.keys() - {"/"}))
def test_a_trailing_slash_is_404_not_a_redirect(owner: httpx.Client, path: str) -> None:
    for method in ALLOWED[path]:
        assert_refused(owner.request(method, f"{path}/"), 404)


@pytest.mark.parametrize("path", sorted(ALLOWED))
def test_a_line_break_after_a_path_is_404(owner: httpx.Client, path: str) -> None:
    for method in ALLOWED[path]:
        assert_refused(owner.request(method, f"{path}%0A"), 404)


# 405


@pytest.mark.gateway
@pytest.mark.parametrize("path", ALLOWED)
def test_a_wrong_method_is_405_with_every_allowed_one(owner: httpx.Client, path: str) -> None:
    wrong = {"GET", "POST", "PUT", "DELETE"} - ALLOWED[path]
    for method in ("PATCH", *sorted(wrong)[:1]):
        answer = owner.request(method, path)
        assert_refused(answer, 405)
        allowed = {*ALLOWED[path], *(["HEAD"] if "GET" in ALLOWED[path] else [])}
        assert {each.strip() for each in answer.headers["allow"].split(",")} == allowed


# HEAD


@pytest.mark.parametrize("path", ALLOWED)
def test_head_is_answered_as_get_without_a_body(owner: httpx.Client, path: str) -> None:
    read, head = owner.get(path), owner.head(path)
    assert (head.status_code, head.content) == (read.status_code, b"")
    own = {"date", "x-request-id", "apigw-requestid", "content-length", "transfer-encoding"}
    ours, theirs = (
        {name: value for name, value in answer.headers.items() if name not in own}
        for answer in (head, read)
    )
    assert ours == theirs
    if "content-length" in head.headers:
        assert head.headers["content-length"] == read.headers["content-length"]


# 413


@pytest.mark.gateway
def test_a_body_above_1_mib_is_413(api: httpx.Client, owner: httpx.Client) -> None:
    for client, path in ((api, "/auth/login"), (api, "/visitors/track"), (owner, POST.base)):
        answer = client.post(path, content=b" " * (MEBIBYTE + 1), headers=JSON)
        assert_refused(answer, 413)


@pytest.mark.gateway
def test_a_body_of_1_mib_is_read(api: httpx.Client) -> None:
    answer = api.post("/auth/login", content=b'{"email": 7}'.ljust(MEBIBYTE), headers=JSON)
    assert_refused(answer, 400, "email", "password")


# 400


def test_a_body_that_is_missing_is_400(api: httpx.Client, owner: httpx.Client) -> None:
    for client, path in ((api, "/auth/login"), (owner, POST.base)):
        answer = client.post(path)
        assert (answer.status_code, answer.json()["error"]) == (400, "Bad Request")


@pytest.mark.parametrize("body", ["{", '{"email": NaN}', '{"email": "\\ud800"}', "[]"])
def test_malformed_json_is_400(api: httpx.Client, body: str) -> None:
    answer = api.post("/auth/login", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["error"]) == (400, "Bad Request")


def test_an_object_of_more_than_200_keys_is_400(owner: httpx.Client) -> None:
    body = POST.body()
    keys = {f"key {number}": 1 for number in range(201)}
    for sent in (body | keys, body | {"nested": [keys]}):
        answer = owner.post(POST.base, json=sent)
        assert_refused(answer, 400)
        assert "200 keys" in answer.json()["message"]
    most = dict(list(keys.items())[: 200 - len(body)])
    assert owner.post(POST.base, json=body | most).status_code == 201


# Headers of every answer


@pytest.fixture(scope="module")
def answers(
    api: httpx.Client, owner: httpx.Client, published: dict[str, Any]
) -> list[httpx.Response]:
    """Answers of each kind by the function."""
    path = path_of(POST, published)
    found = [
        *[api.get(each) for each in ("/health", "/health", path, "/nothing", "/blogs/")],
        *[api.get("/blogs?limit=0"), api.get("/blogs?status=all"), api.delete("/health")],
        *[api.post("/auth/login"), owner.put(path, json={}), owner.get("/auth/me")],
        owner.delete(f"{POST.base}/{create(owner, POST)['id']}"),
        api.get(path, headers={"If-None-Match": "*"}),
        api.head(path),
    ]
    statuses = [200, 200, 200, 404, 404, 400, 401, 405, 400, 200, 200, 204, 304, 200]
    assert [answer.status_code for answer in found] == statuses
    return found


@pytest.mark.gateway
def test_every_answer_has_a_request_id_of_its_own(answers: list[httpx.Response]) -> None:
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)


@pytest.mark.gateway
def test_every_answer_forbids_plain_http_and_guesses_at_its_type(
    answers: list[httpx.Response], api: httpx.Client, target: Target
) -> None:
    # The gateway answers a preflight itself, with CORS headers only.
    own = [] if target.gateway_answers_preflights else [api.options("/blogs")]
    for answer in answers + own:
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.gateway
def test_a_request_id_of_the_client_is_not_taken(api: httpx.Client) -> None:
    answer = api.get("/health", headers={"X-Request-Id": "swordfish"})
    assert answer.headers["x-request-id"] not in ("", "swordfish")
