"""What caches may keep of the app's answers."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.backend.content_checks import post_body

PUBLIC_READS = [
    "/v1/blog/posts",
    "/v1/blog/posts/{id}",
    "/v1/blog/categories",
    "/v1/projects",
    "/v1/certifications",
    "/v1/visitors/count",
    "/v1/analytics/views/blog/{id}",
]

type Get = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def post(client: httpx.Client, owner_headers: dict[str, str]) -> Iterator[dict[str, Any]]:
    created = client.post("/v1/blog/posts", json=post_body(), headers=owner_headers).json()
    path = f"/v1/blog/posts/{created['id']}"
    yield client.post(f"{path}/publish", headers=owner_headers).json()
    client.delete(path, headers=owner_headers)


@pytest.fixture
def get(client: httpx.Client, post: dict[str, Any]) -> Get:
    def get_path(path: str, **headers: str) -> httpx.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get(path.format(id=post["id"]), headers=names)

    return get_path


@pytest.mark.parametrize("path", PUBLIC_READS)
def test_a_public_read_is_kept_for_a_minute_then_asked_about(get: Get, path: str) -> None:
    first = get(path)
    tag = first.headers["ETag"]
    again = get(path, If_None_Match=tag)

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"] == "public, max-age=60"
    assert {"Authorization", "Origin"} <= set(again.headers["Vary"].split(", "))
    assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]


@pytest.mark.parametrize("path", PUBLIC_READS)
def test_with_a_token_only_the_browser_keeps_it_and_always_asks(
    get: Get, path: str, owner_headers: dict[str, str]
) -> None:
    answer = get(path, **owner_headers)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = get(path, If_None_Match=answer.headers["ETag"], **owner_headers)
    assert again.status_code == 304


@pytest.mark.parametrize("pattern", ["W/{tag}", '"other", {tag}', '"a" ,W/{tag}', "*"])
def test_every_form_of_the_condition_is_understood(get: Get, pattern: str) -> None:
    tag = get("/v1/blog/posts").headers["ETag"]
    assert get("/v1/blog/posts", If_None_Match=pattern.format(tag=tag)).status_code == 304


@pytest.mark.parametrize("condition", ['"other"', "", 'W/"other"', "etag"])
def test_another_tag_gets_the_whole_answer(get: Get, condition: str) -> None:
    answer = get("/v1/blog/posts", If_None_Match=condition)
    assert (answer.status_code, answer.json()["total"]) == (200, 1)


def test_a_change_changes_the_tag(
    client: httpx.Client, get: Get, post: dict[str, Any], owner_headers: dict[str, str]
) -> None:
    path = f"/v1/blog/posts/{post['id']}"
    before = get(path).headers["ETag"]
    client.put(path, json={"title": "Another"}, headers=owner_headers)
    answer = get(path, If_None_Match=before)
    assert (answer.status_code, answer.json()["title"]) == (200, "Another")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/health", 200),
        ("GET", "/v1/blog/posts/unknown", 404),
        ("GET", "/v1/blog/posts?limit=0", 400),
        ("GET", "/v1/analytics/total-views", 200),
        ("POST", "/v1/visitors/track", 200),
        ("GET", "/v1/nowhere", 404),
    ],
)
def test_nothing_else_is_kept(
    client: httpx.Client, owner_headers: dict[str, str], method: str, path: str, status: int
) -> None:
    answer = client.request(method, path, headers=owner_headers)
    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
