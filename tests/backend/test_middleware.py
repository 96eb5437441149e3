import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import httpx
import pytest

from src import SITE
from src.api.middleware import UnexpectedErrorMiddleware

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Message, Receive, Scope, Send

ORIGIN: Final = f"https://{SITE}"
MEBIBYTE: Final = 1024 * 1024


@pytest.mark.parametrize(
    ("origin", "method", "header"),
    [
        ("https://evil.example", "GET", "authorization"),
        (ORIGIN, "PATCH", "authorization"),
        (ORIGIN, "GET", "x-other"),
    ],
)
def test_a_preflight_is_refused_like_any_wrong_request(
    client: httpx.Client, origin: str, method: str, header: str
) -> None:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": header,
    }
    answer = client.options("/blogs", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "Bad Request"
    assert answer.headers["x-request-id"]
    allowed = answer.headers.get("access-control-allow-origin")
    assert allowed == (ORIGIN if origin == ORIGIN else None)


def test_without_a_gateway_each_answer_has_an_id_of_its_own(client: httpx.Client) -> None:
    headers = {"X-Request-Id": "made-up-by-the-client"}
    ids = [client.get("/health", headers=headers).headers["x-request-id"] for _ in range(2)]
    assert len({UUID(request_id) for request_id in ids}) == 2


def in_pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 1024):
        yield b" " * 1024


def test_a_body_above_the_limit_is_refused_whatever_the_method(client: httpx.Client) -> None:
    answer = client.request(
        "GET",
        "/auth/me",
        content=b" " * (MEBIBYTE + 1),
        headers={"Content-Type": "application/json", "Origin": ORIGIN},
    )
    assert answer.status_code == 413
    assert answer.json()["error"] == "Content Too Large"
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/redoc/logo-mini.svg", "/openapi.json"])
def test_the_limit_is_the_same_outside_the_schema(client: httpx.Client, path: str) -> None:
    for content in (b" " * (MEBIBYTE + 1), in_pieces(MEBIBYTE + 1024)):
        answer = client.request("GET", path, content=content)
        assert answer.status_code == 413
        assert answer.json()["error"] == "Content Too Large"
    assert client.request("GET", path, content=b" " * MEBIBYTE).status_code == 200


def test_a_body_above_the_limit_is_refused_while_it_is_read(client: httpx.Client) -> None:
    answer = client.post(
        "/auth/login",
        content=in_pieces(MEBIBYTE + 1024),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.json()["error"] == "Content Too Large"


def test_a_length_of_absurd_length_is_refused(client: httpx.Client) -> None:
    answer = client.post("/auth/login", headers={"Content-Length": "9" * 5_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "many", "1e9", ""])
def test_a_length_that_is_none_is_left_to_counting(client: httpx.Client, length: str) -> None:
    answer = client.post("/auth/login", content=b"{}", headers={"Content-Length": length})
    assert answer.status_code == 400


def test_a_failure_half_way_through_an_answer_is_not_hidden() -> None:
    class HalfWayError(Exception):
        """An error after the answer's first part."""

    async def answer_half(_scope: "Scope", _receive: "Receive", send: "Send") -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise HalfWayError

    messages: list[Any] = []

    async def send(message: "Message") -> None:
        messages.append(message)

    async def receive() -> "Message":
        return {"type": "http.request"}

    middleware = UnexpectedErrorMiddleware(answer_half)
    with pytest.raises(HalfWayError):
        asyncio.run(middleware({"type": "http"}, receive, send))
    assert [message["type"] for message in messages] == ["http.response.start"]


def test_a_server_may_start_and_stop_the_app(app: "FastAPI") -> None:
    asked = iter(("lifespan.startup", "lifespan.shutdown"))
    answers: list[str] = []

    async def receive() -> "Message":
        return {"type": next(asked)}

    async def send(message: "Message") -> None:
        answers.append(message["type"])

    asyncio.run(app({"type": "lifespan", "state": {}}, receive, send))
    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
