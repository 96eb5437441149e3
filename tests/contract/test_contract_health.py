"""The contract's section on health."""

import httpx
import pytest

from tests.contract.target import Target

pytestmark = pytest.mark.gateway


@pytest.fixture(params=["/health", "/v1/health"])
def health_url(request: pytest.FixtureRequest, target: Target) -> str:
    return target.url.removesuffix("/v1") + request.param


def test_health_is_answered(api: httpx.Client, health_url: str) -> None:
    answer = api.get(health_url)
    assert (answer.status_code, answer.json()) == (200, {"status": "healthy"})
    assert answer.headers["content-type"] == "application/json"


def test_health_is_answered_to_head_without_a_body(api: httpx.Client, health_url: str) -> None:
    answer = api.head(health_url)
    assert (answer.status_code, answer.content) == (200, b"")


def test_health_asks_for_no_token_and_minds_none(api: httpx.Client, health_url: str) -> None:
    answer = api.get(health_url, headers={"Authorization": "Bearer nonsense"})
    assert answer.json() == {"status": "healthy"}
