"""`portfolio seed` where something else than the API answers at a stage's address."""

import pytest

from infra.errors import SampleError
from portfolio.samples.create import create_samples
from tests.backend.loopback import run_loopback_server


def refusal_of(url: str) -> str:
    """Why no samples are written there."""
    with pytest.raises(SampleError) as raised:
        create_samples(f"{url}", "ann@example.com", "password")
    return str(raised.value)


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (
            200,
            b"<html>\n<h1>Sign in</h1>",
            "200, but not like the API (<html> <h1>Sign in</h1>)",
        ),
        (200, b'["token"]', '200, but not like the API (["token"])'),
        (200, b'{"user": 1}', '200, but not like the API ({"user": 1})'),
        (204, b"", "204, but not like the API (nothing)"),
    ],
)
def test_an_answer_that_is_not_the_apis_is_told_with_its_address(
    status: int, body: bytes, told: str
) -> None:
    with run_loopback_server() as server:
        server.status, server.body = status, body
        assert refusal_of(server.url) == (
            f"{server.url}/auth/login answered {told}. Check the API's address."
        )


def test_an_address_that_leads_elsewhere_is_told_with_where() -> None:
    with run_loopback_server() as server:
        server.status, server.body = 301, b"<html>moved</html>"
        server.headers = {"Location": "https://www.example.com/"}
        assert refusal_of(server.url) == (
            f"POST /auth/login answered 301: {server.url}/auth/login leads to "
            "https://www.example.com/"
        )


def test_of_a_page_only_the_beginning_is_told() -> None:
    with run_loopback_server() as server:
        server.status, server.body = 502, b"<html>" + 1000 * b"x"
        assert refusal_of(server.url) == f"POST /auth/login answered 502: <html>{74 * 'x'}…"


def test_a_stage_in_aws_is_reached_through_the_machines_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with run_loopback_server() as proxy:
        proxy.status, proxy.body = 403, b"the proxy says no"
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.delenv("http_proxy", raising=False)
        told = refusal_of("http://api.invalid")
    assert told == "POST /auth/login answered 403: the proxy says no"
