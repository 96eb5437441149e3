"""The documentation pages: no other host, a strict policy, and nothing in production."""

import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest

from src.app import create_app
from tests.backend.app_client import connect
from tests.backend.lambda_client import open_handler
from tests.backend.lambda_handler import make_event

if TYPE_CHECKING:
    from src.config import Settings

LOADED = re.compile(r'(?:src|href)="(/[^"]+)"')
NONCED = re.compile(r'<(?:script|style|link rel="stylesheet")[^>]* nonce="([^"]+)"')
CODE = re.compile(r'<(?:script|style|link rel="stylesheet")')
LARGEST_ANSWER = 6 * 1024 * 1024
"""Lambda's limit, in bytes."""


@pytest.fixture(params=["/docs", "/redoc"])
def page(request: pytest.FixtureRequest, client: httpx.Client) -> httpx.Response:
    answer = client.get(request.param)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    return answer


def directives(answer: httpx.Response) -> dict[str, set[str]]:
    policy = answer.headers["content-security-policy"]
    named = (directive.split() for directive in policy.split(";"))
    return {name: set(sources) for name, *sources in named}


def test_a_page_names_no_other_host(page: httpx.Response) -> None:
    assert "//" not in page.text.replace("// ", "")


def test_the_files_of_a_page_are_kept_by_caches(page: httpx.Response, client: httpx.Client) -> None:
    paths = LOADED.findall(page.text)
    assert paths
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))
        assert "max-age" in answer.headers["cache-control"]
        headers = {"If-None-Match": answer.headers["etag"]}
        assert client.get(path, headers=headers).status_code == 304


def test_a_file_fits_into_lambdas_answer(page: httpx.Response, settings: "Settings") -> None:
    with open_handler(create_app(settings)) as invoke:
        for path in LOADED.findall(page.text):
            answer = invoke(make_event("GET", path))
            assert answer["statusCode"] == 200
            assert len(json.dumps(answer)) < LARGEST_ANSWER


def test_only_the_pages_own_code_may_run(page: httpx.Response, client: httpx.Client) -> None:
    policy = directives(page)
    nonces = NONCED.findall(page.text)
    assert len(set(nonces)) == 1
    assert len(nonces) == len(CODE.findall(page.text))
    assert policy["default-src"] == {"'none'"}
    assert policy["script-src"] == {f"'nonce-{nonces[0]}'"}
    assert f"'nonce-{nonces[0]}'" in policy["style-src"]
    assert policy["connect-src"] == {"'self'"}
    for name in ("base-uri", "form-action", "frame-ancestors"):
        assert policy[name] == {"'none'"}
    assert "unsafe" not in page.headers["content-security-policy"]
    again = client.get(page.url.path)
    assert NONCED.findall(again.text)[0] != nonces[0]


def test_redoc_takes_its_logo_from_this_stage(client: httpx.Client) -> None:
    bundle = client.get("/redoc/redoc.standalone.js").text
    assert 'window.location.pathname+"/logo-mini.svg"' in bundle
    logo = client.get("/redoc/logo-mini.svg")
    assert (logo.status_code, logo.headers["content-type"]) == (200, "image/svg+xml")


def test_production_has_neither_pages_nor_files(page: httpx.Response, settings: "Settings") -> None:
    production = settings.model_copy(update={"environment": "production"})
    with connect(create_app(production)) as public:
        for path in (page.url.path, *LOADED.findall(page.text), "/redoc/logo-mini.svg"):
            assert public.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/docs/", "/docs/nothing.js", "/docs/../main.py", "/redoc/"])
def test_there_are_no_other_files(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404
