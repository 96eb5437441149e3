from typing import TYPE_CHECKING

import httpx
import pytest

from tests.backend.app_client import connect

if TYPE_CHECKING:
    from fastapi import FastAPI

    from src.utils.services import Services


@pytest.mark.parametrize("path", ["/health", "/v1/health"])
def test_says_healthy(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.json() == {"status": "healthy"}
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/health", "/v1/health"])
def test_answers_head(client: httpx.Client, path: str) -> None:
    assert client.head(path).status_code == 200


def test_makes_no_client(app: "FastAPI") -> None:
    with connect(app) as client:
        client.get("/v1/health")
    services: Services = app.state.services
    assert not {"dynamodb", "cognito", "token_verifier"} & vars(services).keys()
