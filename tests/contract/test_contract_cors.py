"""The contract's section on CORS."""

import httpx
import pytest

from tests.contract.calls import words
from tests.contract.content_kinds import POST
from tests.contract.target import Target

pytestmark = pytest.mark.gateway

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]
HEADERS = ["authorization", "content-type", "x-session-id", "if-none-match"]

EXPOSED = {"x-request-id", "retry-after", "etag"}

SAFELISTED = {"accept", "accept-language", "content-language"}
"""Headers always allowed by CORS; Starlette lists them too."""

# One that is for the owner, one for everyone, and one that leads nowhere: it is all the same.
PATHS = ["/blogs/1", "/visitors/track", "/nothing"]


def preflight(
    api: httpx.Client, path: str, origin: str, method: str, headers: list[str]
) -> httpx.Response:
    return api.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": ",".join(headers),
        },
    )


UNREADABLE = (
    "The gateway's own 401 has no CORS headers. A browser shows the frontend a network error, and "
    "the frontend cannot refresh its token: set gatewayAuthorizer to false."
)

# Preflights


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", METHODS)
def test_a_preflight_of_the_stages_origin_is_allowed_and_kept_for_an_hour(
    api: httpx.Client, target: Target, path: str, method: str
) -> None:
    answer = preflight(api, path, target.origin, method, HEADERS)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == target.origin
    assert words(answer, "access-control-allow-methods") == {each.lower() for each in METHODS}
    assert words(answer, "access-control-allow-headers") - SAFELISTED == set(HEADERS)
    assert answer.headers["access-control-max-age"] == "3600"
    assert "access-control-allow-credentials" not in answer.headers


def test_other_origins_are_not_allowed(api: httpx.Client, target: Target) -> None:
    scheme, _, host = target.origin.partition("://")
    others = [f"{scheme}://evil.example", f"{scheme}://sub.{host}", f"{target.origin}.evil.example"]
    for origin in (*others, f"ftp://{host}", "null"):
        assert (
            "access-control-allow-origin"
            not in preflight(api, "/blogs", origin, "GET", HEADERS).headers
        )
        answer = api.get("/health", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
        assert "origin" in words(answer, "vary")


def test_other_methods_and_headers_are_not_allowed(api: httpx.Client, target: Target) -> None:
    answer = preflight(api, "/blogs", target.origin, "PATCH", ["x-other"])
    assert "patch" not in words(answer, "access-control-allow-methods")
    assert "x-other" not in words(answer, "access-control-allow-headers")
    assert "*" not in answer.headers.get("access-control-allow-methods", "")
    assert "*" not in answer.headers.get("access-control-allow-headers", "")


@pytest.mark.parametrize("path", [*PATHS, "/", "/health"])
def test_options_without_an_origin_is_204(api: httpx.Client, path: str) -> None:
    answer = api.options(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "access-control-allow-origin" not in answer.headers


def test_options_of_the_stages_origin_is_204_without_a_method_to_ask_for(
    api: httpx.Client, target: Target
) -> None:
    answer = api.options("/blogs", headers={"Origin": target.origin})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == target.origin


# Answers


def test_every_status_can_be_read_by_the_stages_origin(
    owner: httpx.Client, user: httpx.Client, api: httpx.Client, target: Target
) -> None:
    origin = {"Origin": target.origin}
    created = owner.post(POST.base, json=POST.body(), headers=origin)
    path = f"{POST.base}/{created.json()['id']}"
    answers = [
        created,
        api.head("/health", headers=origin),
        api.get("/blogs/categories", headers={**origin, "If-None-Match": "*"}),
        api.get("/blogs?limit=0", headers=origin),
        api.get("/blogs?status=all", headers=origin),
        user.get("/blogs?status=all", headers=origin),
        api.get(path, headers=origin),
        api.patch(path, headers=origin),
        api.post("/auth/login", content=b" " * (1024 * 1024 + 1), headers=origin),
        owner.delete(path, headers=origin),
    ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [201, 200, 304, 400, 401, 403, 404, 405, 413, 204]
    for answer in answers:
        assert answer.headers["access-control-allow-origin"] == target.origin
        assert words(answer, "access-control-expose-headers") == EXPOSED
        assert "origin" in words(answer, "vary")


@pytest.mark.parametrize("path", ["/health", "/blogs", "/nothing", "/blogs?limit=0"])
def test_answers_and_errors_can_be_read_with_their_exposed_headers(
    api: httpx.Client, target: Target, path: str
) -> None:
    answer = api.get(path, headers={"Origin": target.origin})
    assert answer.headers["access-control-allow-origin"] == target.origin
    assert words(answer, "access-control-expose-headers") == EXPOSED
    assert "origin" in words(answer, "vary")
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("token", [{}, {"Authorization": "Bearer nonsense"}], ids=["none", "bad"])
@pytest.mark.parametrize("path", ["/auth/me", "/visitors/trends/daily"])
def test_a_refused_token_can_be_read_by_the_frontend(
    api: httpx.Client, target: Target, path: str, token: dict[str, str]
) -> None:
    answer = api.get(path, headers={"Origin": target.origin} | token)
    assert answer.status_code == 401
    is_readable = answer.headers.get("access-control-allow-origin") == target.origin
    if target.is_ours_alone:
        # The emulator's authorizer adds no CORS headers; AWS does not promise them.
        assert is_readable == (not target.gateway_checks_tokens)
    elif not is_readable:
        pytest.fail(UNREADABLE, pytrace=False)
