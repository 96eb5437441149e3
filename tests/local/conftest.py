"""Fixtures for the shared local stage."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from infra.paths import CACHE
from tests.checkout import copy_checkout

if TYPE_CHECKING:
    from portfolio.local.stage import LocalStage
    from tests.local_stage import ServedStage


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout; it shares the slow parts: the emulator and the cache of builds."""
    copy = copy_checkout(tmp_path / "checkout")
    (copy / CACHE.name).mkdir()
    for name in ("emulator", "package"):
        (CACHE / name).mkdir(parents=True, exist_ok=True)
        (copy / CACHE.name / name).symlink_to(CACHE / name)
    return copy


@pytest.fixture(scope="session")
def stage(local_stage: "ServedStage") -> "LocalStage":
    return local_stage.stage


@pytest.fixture
def api(local_stage: "ServedStage") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=local_stage.url, timeout=35, trust_env=False) as client:
        yield client


@pytest.fixture
def owner(stage: "LocalStage", api: httpx.Client) -> dict[str, str]:
    """Headers with the token of the stage's owner."""
    credentials = {"email": stage.owner.email, "password": stage.owner.password}
    answer = api.post("/auth/login", json=credentials)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['id_token']}"}
