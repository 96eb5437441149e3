"""Health checks cost next to nothing."""

from typing import TYPE_CHECKING

from tests.backend.app_client import connect

if TYPE_CHECKING:
    from fastapi import FastAPI

    from src.utils.services import Services


def test_makes_no_client(app: "FastAPI") -> None:
    with connect(app) as client:
        assert client.get("/v1/health").is_success
    services: Services = app.state.services
    assert not {"dynamodb", "cognito", "token_verifier"} & vars(services).keys()
