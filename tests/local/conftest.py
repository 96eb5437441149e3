"""A local stage that the tests of this folder share, and ways to call it."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from infra.local.stage import LocalStage
from infra.local.start import run_local_stage
from infra.terminal import Terminal
from tests.backend.accounts import bearer, create_account


@pytest.fixture(scope="session")
def stage() -> Iterator[LocalStage]:
    with run_local_stage(Terminal(), None) as running:
        yield running


@pytest.fixture
def api(stage: LocalStage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{stage.api_base}/v1", timeout=35, trust_env=False) as client:
        yield client


@pytest.fixture
def log_in(api: httpx.Client) -> Callable[[str, str], dict[str, str]]:
    def headers_of(email: str, password: str) -> dict[str, str]:
        answer = api.post("/auth/login", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return bearer(answer.json()["token"])

    return headers_of


@pytest.fixture
def owner(stage: LocalStage, log_in: Callable[[str, str], dict[str, str]]) -> dict[str, str]:
    return log_in(stage.owner.email, stage.owner.password)


@pytest.fixture
def reader(stage: LocalStage, log_in: Callable[[str, str], dict[str, str]]) -> dict[str, str]:
    """The headers of a user who is in no group."""
    account = create_account(stage.code.clients.cognito, stage.outputs["user_pool_id"])
    return log_in(account.email, account.password)
