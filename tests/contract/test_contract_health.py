"""The contract on `/health`, `/` and `HEAD`."""

import httpx
import pytest

from src import TITLE

pytestmark = pytest.mark.gateway


def test_health_is_answered(api: httpx.Client) -> None:
    answer = api.get("/health")
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"status", "version", "environment"}
    assert body["status"] == "healthy"
    assert body["version"]
    assert body["environment"]
    assert answer.headers["content-type"] == "application/json"


def test_the_root_names_the_api_and_its_documentation(api: httpx.Client) -> None:
    answer = api.get("/")
    assert answer.status_code == 200
    body, health = answer.json(), api.get("/health").json()
    is_public = health["environment"] == "production"
    assert body == {
        "message": TITLE,
        "version": health["version"],
        "docs": None if is_public else "/docs",
    }
    assert api.get("/docs").status_code == (404 if is_public else 200)


@pytest.mark.parametrize("path", ["/health", "/"])
def test_head_has_the_headers_of_get_and_no_body(api: httpx.Client, path: str) -> None:
    answer = api.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"]
    length = answer.headers.get("content-length")
    assert length in (None, api.get(path).headers["content-length"])


def test_health_asks_for_no_token_and_minds_none(api: httpx.Client) -> None:
    answer = api.get("/health", headers={"Authorization": "Bearer nonsense"})
    assert answer.json() == api.get("/health").json()
