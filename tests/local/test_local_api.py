"""The real zip, deployed by the real program, over HTTP through the emulator's gateway."""

from typing import Any

import httpx
import pytest

POST = {
    "title": "A post of the local stage",
    "excerpt": "Short.",
    "content": "Long enough.",
    "category": "Testing",
    "tags": ["local"],
}


def create(api: httpx.Client, owner: dict[str, str], **fields: Any) -> dict[str, Any]:
    answer = api.post("/blog/posts", json=POST | fields, headers=owner)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def test_sample_content_is_there(api: httpx.Client, owner: dict[str, str]) -> None:
    assert api.get("/blog/posts?tag=aws").json()["total"] == 2
    assert api.get("/blog/posts?status=draft&tag=ci", headers=owner).json()["total"] == 1


def test_a_post_is_created_published_listed_edited_and_deleted(
    api: httpx.Client, owner: dict[str, str]
) -> None:
    path = f"/blog/posts/{create(api, owner, tags=['lifecycle'])['id']}"
    assert api.get(path).status_code == 404
    assert api.get(path, headers=owner).json()["status"] == "draft"

    assert api.post(f"{path}/publish", headers=owner).json()["status"] == "published"
    assert api.get(path).status_code == 200
    assert api.get("/blog/posts?tag=lifecycle").json()["total"] == 1

    edited = api.put(path, json={"title": "Edited"}, headers=owner)
    assert edited.json()["title"] == "Edited"
    assert api.get(path).json()["content"] == POST["content"]

    assert api.delete(path, headers=owner).status_code == 204
    assert api.get(path, headers=owner).status_code == 404
    assert api.get("/blog/posts?tag=lifecycle").json()["total"] == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/blog/posts"),
        ("PUT", "/blog/posts/1"),
        ("DELETE", "/blog/posts/1"),
        ("POST", "/blog/posts/1/publish"),
        ("POST", "/blog/posts/1/unpublish"),
        ("GET", "/auth/me"),
        ("POST", "/auth/logout"),
    ],
)
def test_the_gateway_itself_refuses_a_guarded_route_without_a_token(
    api: httpx.Client, method: str, path: str
) -> None:
    answer = api.request(method, path, json={})
    assert answer.status_code == 401
    assert answer.json() == {"message": "Unauthorized"}


def test_the_function_refuses_drafts_without_a_token(api: httpx.Client) -> None:
    answer = api.get("/blog/posts?status=draft")
    assert (answer.status_code, answer.json()["error"]) == (401, "Unauthorized")


def test_a_token_without_the_group_may_not_write(api: httpx.Client, reader: dict[str, str]) -> None:
    assert api.post("/blog/posts", json=POST, headers=reader).status_code == 403
    assert api.get("/blog/posts?status=all", headers=reader).status_code == 403
    assert api.get("/auth/me", headers=reader).json()["role"] == "public"


def test_after_logging_out_the_token_is_nobody(api: httpx.Client, reader: dict[str, str]) -> None:
    assert api.post("/auth/logout", headers=reader).status_code == 200
    assert api.get("/auth/me", headers=reader).status_code == 401


def test_unknown_paths_are_not_found(api: httpx.Client) -> None:
    answer = api.get("/nothing/here")
    assert (answer.status_code, answer.json()["error"]) == (404, "Not Found")
    assert answer.headers["x-request-id"]


def test_health_is_the_functions_own(api: httpx.Client) -> None:
    for url in (f"{api.base_url}health", str(api.base_url).replace("/v1/", "/health")):
        assert api.get(url).json() == {"status": "healthy"}


def test_the_gateway_answers_preflights_for_the_stages_origins_only(api: httpx.Client) -> None:
    preflight = {
        "Origin": "http://localhost:5173",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = api.options("/blog/posts/1", headers=preflight)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert answer.headers["access-control-max-age"] == "3600"

    stranger = api.options("/blog/posts/1", headers=preflight | {"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers
