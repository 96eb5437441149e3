"""A frontend in Chromium: its origin decides, not the API's address."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from tests.backend.loopback import run_loopback_server

if TYPE_CHECKING:
    from tests.local_stage import ServedStage
    from tests.real.browser.conftest import OpenPage

type Seen = dict[str, dict[str, Any]]
"""The answers that the page could read, by step; `error` stands for all else."""

ALLOWED = "http://localhost:5173"
"""An origin of the local stage."""

OTHER = "http://localhost:5174"

DEAD_NETWORK = {"error": "TypeError: Failed to fetch"}


@pytest.fixture(scope="module")
def page_server() -> Iterator[str]:
    """Serve the page; Chromium finds it at every origin."""
    with run_loopback_server() as server:
        server.body = Path(__file__).with_name("frontend.html").read_bytes()
        server.headers = {"Content-Type": "text/html; charset=utf-8"}
        yield urlsplit(server.url).netloc


def visit(
    open_page: "OpenPage", page_server: str, origin: str, served: "ServedStage", **parameters: str
) -> Seen:
    """Open the page at an origin, and return what it saw of a stage."""
    owner = served.stage.owner
    sent = {"api": served.url, "email": owner.email, "password": owner.password} | parameters
    hosts = {urlsplit(origin).netloc: page_server, f"localhost:{served.port}": "127.0.0.1"}
    page = open_page(f"{origin}/#{urlencode(sent)}", hosts)
    written = re.search('<pre id="seen">(.+?)</pre>', page.document)
    assert written, page.console
    return json.loads(html.unescape(written[1]))


def statuses(seen: Seen) -> dict[str, int]:
    return {step: answer["status"] for step, answer in seen.items() if "status" in answer}


@pytest.fixture(scope="module")
def seen(open_page: "OpenPage", page_server: str, local_stage: "ServedStage") -> Seen:
    """What a page of an allowed origin saw."""
    return visit(open_page, page_server, ALLOWED, local_stage)


def test_a_page_of_an_allowed_origin_refreshes_its_token_and_writes(seen: Seen) -> None:
    assert statuses(seen) == {
        "login": 200,
        "expired": 401,
        "expired_drafts": 401,
        "refresh": 200,
        "me": 200,
        "create": 201,
        "edit": 200,
        "publish": 200,
        "read": 200,
        "read_again": 304,
        "visit": 200,
        "view": 200,
        "delete": 204,
    }
    assert seen["expired"]["body"]["statusCode"] == 401
    assert seen["expired"]["body"]["message"]
    assert seen["me"]["body"]["custom:role"] == "owner"
    assert seen["read"]["body"]["title"] == "An edited post"
    assert seen["read"]["body"]["status"] == "PUBLISHED"
    assert seen["visit"]["body"]["tracked"]
    assert seen["view"]["body"]["views"] == 1


def test_a_page_of_an_allowed_origin_reads_the_exposed_headers(seen: Seen) -> None:
    assert all(answer["headers"]["x-request-id"] for answer in seen.values())
    assert seen["read"]["headers"]["etag"] == seen["read_again"]["headers"]["etag"]
    # It is not exposed: the page sees an answer as a script does, not as httpx.
    assert "www-authenticate" not in seen["expired"]["headers"]


def test_a_page_of_another_origin_reads_and_changes_nothing(
    open_page: "OpenPage", page_server: str, local_stage: "ServedStage"
) -> None:
    with httpx.Client(base_url=local_stage.url, timeout=35) as api:
        owner = local_stage.stage.owner
        login = {"email": owner.email, "password": owner.password}
        token = api.post("/auth/login", json=login).json()["id_token"]
        api.headers["Authorization"] = f"Bearer {token}"
        post = api.post("/blogs", json={"title": "A post", "content": "Ours."}).json()["id"]
        api.post(f"/blogs/{post}/publish")
        paths = [f"/blogs/{post}", f"/analytics/views/blog/{post}", "/visitors/count"]
        before = [api.get(path).json() for path in paths]
        parameters = {"token": token, "post": post}
        seen = visit(open_page, page_server, OTHER, local_stage, **parameters)
        after = [api.get(path).json() for path in paths]
    assert all(answer == DEAD_NETWORK for answer in seen.values()), seen
    assert after == before
    # The same page may do it all at an allowed origin; the refresh token was never one.
    control = visit(open_page, page_server, ALLOWED, local_stage, **parameters)
    assert list(control) == list(seen)
    assert statuses(control) == dict.fromkeys(seen, 200) | {"refresh": 401, "delete": 204}


def test_with_the_authorizer_a_refused_token_is_a_dead_network(
    open_page: "OpenPage", page_server: str, guarded_stage: "ServedStage"
) -> None:
    """This is the reason for the default of `gatewayAuthorizer`.

    The frontend refreshes its token at a 401, and here it sees none: the trends are a guarded
    route. Where the token is optional, the function itself answers.
    """
    seen = visit(open_page, page_server, ALLOWED, guarded_stage)
    assert seen["expired"] == DEAD_NETWORK
    assert statuses(seen)["expired_drafts"] == 401
    # A page with a good token notices nothing.
    assert set(seen) - set(statuses(seen)) == {"expired"}
