"""A local stage that the tests of this folder share, and ways to call it."""

from collections.abc import Iterator

import httpx
import pytest

from infra.local.stage import LocalStage
from infra.local.start import run_local_stage
from infra.terminal import Terminal
from tests.backend.accounts import bearer


@pytest.fixture(scope="session")
def stage() -> Iterator[LocalStage]:
    with run_local_stage(Terminal(), None) as running:
        yield running


@pytest.fixture
def api(stage: LocalStage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{stage.api_base}/v1", timeout=35, trust_env=False) as client:
        yield client


@pytest.fixture
def owner(stage: LocalStage, api: httpx.Client) -> dict[str, str]:
    """The headers of the stage's owner."""
    credentials = {"email": stage.owner.email, "password": stage.owner.password}
    answer = api.post("/auth/login", json=credentials)
    assert answer.status_code == 200, answer.text
    return bearer(answer.json()["token"])
