"""Bad tokens at a stage's gateway, with and without its authorizer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from tests.backend.key_pairs import KeyPair
from tests.backend.token_forms import TokenForm, make_http_tokens
from tests.local.pool_tokens import make_owner_claims, read_pool_key

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

pytestmark = pytest.mark.real

NEEDS_TOKEN: Final = [("POST", "/blogs"), ("GET", "/auth/me")]
"""An owner's call and a user's; both have a route of their own with the authorizer."""

REFUSALS: Final = {"local_stage": {401}, "guarded_stage": {401, 500}}
"""Statuses of a refusal: the emulator's authorizer fails at claims of a wrong type."""


@pytest.fixture(params=REFUSALS)
def served(request: pytest.FixtureRequest) -> "ServedStage":
    stage: ServedStage = request.getfixturevalue(request.param)
    return stage


@pytest.fixture
def api(served: "ServedStage") -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=35, trust_env=False) as client:
        yield client


@pytest.fixture
def key(served: "ServedStage") -> KeyPair:
    return read_pool_key(served)


@pytest.fixture
def claims(served: "ServedStage") -> dict[str, object]:
    return make_owner_claims(served)


@pytest.fixture
def bad_tokens(key: KeyPair, claims: dict[str, object]) -> list[TokenForm]:
    return make_http_tokens(key, claims)


def test_no_bad_token_is_accepted(
    request: pytest.FixtureRequest,
    api: httpx.Client,
    key: KeyPair,
    claims: dict[str, object],
    bad_tokens: list[TokenForm],
) -> None:
    refusals = REFUSALS[request.node.callspec.params["served"]]
    good = {"Authorization": f"Bearer {key.sign(claims)}"}
    assert api.get("/auth/me", headers=good).json()["role"] == "owner"
    statuses = {
        f"{method} {path} {form.name}": api.request(
            method, path, headers={b"Authorization": form.authorization}
        ).status_code
        for method, path in NEEDS_TOKEN
        for form in bad_tokens
    }
    assert {name: status for name, status in statuses.items() if status not in refusals} == {}


def test_a_bad_token_does_not_stop_a_public_read(
    api: httpx.Client, bad_tokens: list[TokenForm]
) -> None:
    for form in bad_tokens:
        answer = api.get("/visitors/count", headers={b"Authorization": form.authorization})
        assert answer.status_code == 200, form.name
