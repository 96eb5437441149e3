"""The contract's section on health."""

import httpx
import pytest

pytestmark = pytest.mark.gateway


def test_health_is_answered(api: httpx.Client) -> None:
    answer = api.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "healthy"})
    assert answer.headers["content-type"] == "application/json"


def test_health_is_answered_to_head_without_a_body(api: httpx.Client) -> None:
    answer = api.head("/health")
    assert (answer.status_code, answer.content) == (200, b"")


def test_health_asks_for_no_token_and_minds_none(api: httpx.Client) -> None:
    answer = api.get("/health", headers={"Authorization": "Bearer nonsense"})
    assert answer.json() == {"status": "healthy"}
