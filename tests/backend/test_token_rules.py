"""Valid and invalid bearer tokens, signed with keys of ours in place of the emulator's."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from src.app import create_app
from src.config import Settings
from tests.backend.accounts import bearer
from tests.backend.app_client import connect
from tests.backend.key_pairs import KeyPair, as_key_set, id_claims, make_key_pair
from tests.backend.loopback import run_loopback_server
from tests.backend.token_forms import TokenForm, find_accepted, make_bad_tokens, sign_text

GUARDED: Final = "/blogs"
"""A request of the owner without a body: 400 shows that the token was good."""


@pytest.fixture(scope="module")
def key_pair() -> KeyPair:
    return make_key_pair("key-1")


@pytest.fixture(scope="module")
def issuer(settings: Settings) -> str:
    return (
        f"https://cognito-idp.{settings.aws_region}.amazonaws.com/{settings.cognito_user_pool_id}"
    )


@pytest.fixture(scope="module")
def pool_client(settings: Settings, key_pair: KeyPair) -> Iterator[httpx.Client]:
    """Calls an app; its pool signs with our key."""
    with run_loopback_server() as server:
        server.body = as_key_set(key_pair)
        ours = settings.model_copy(update={"aws_endpoint_url": server.url})
        with connect(create_app(ours)) as client:
            yield client


@pytest.fixture
def claims(settings: Settings, issuer: str) -> dict[str, Any]:
    return id_claims(issuer, settings.cognito_client_id)


def status_for(client: httpx.Client, token: str) -> int:
    return client.post(GUARDED, headers=bearer(token)).status_code


def test_an_id_token_of_the_owner_is_believed(
    pool_client: httpx.Client, key_pair: KeyPair, claims: dict[str, Any]
) -> None:
    assert status_for(pool_client, key_pair.sign(claims)) == 400


@pytest.mark.parametrize(
    "groups",
    [None, [], ["admins"], ["owners", "Owner", " owner"], "owner", {"owner": 1}, [["owner"], 7]],
)
def test_a_token_without_the_group_is_forbidden(
    pool_client: httpx.Client, key_pair: KeyPair, claims: dict[str, Any], groups: Any
) -> None:
    assert status_for(pool_client, key_pair.sign({**claims, "cognito:groups": groups})) == 403


@pytest.fixture(scope="module")
def bad_tokens(settings: Settings, key_pair: KeyPair, issuer: str) -> list[TokenForm]:
    return make_bad_tokens(key_pair, id_claims(issuer, settings.cognito_client_id))


def test_there_are_forms_enough(bad_tokens: list[TokenForm]) -> None:
    assert len({form.name for form in bad_tokens}) == len(bad_tokens) >= 150


@pytest.mark.parametrize(
    ("method", "path"), [("POST", GUARDED), ("GET", "/auth/me"), ("GET", f"{GUARDED}?status=draft")]
)
def test_a_bad_token_is_refused_where_one_is_needed(
    pool_client: httpx.Client, bad_tokens: list[TokenForm], method: str, path: str
) -> None:
    assert find_accepted(pool_client, bad_tokens, method, path) == []


def test_a_bad_token_is_ignored_where_none_is_needed(
    pool_client: httpx.Client, bad_tokens: list[TokenForm]
) -> None:
    public = pool_client.get(GUARDED)
    for form in bad_tokens:
        answer = pool_client.get(GUARDED, headers={b"Authorization": form.authorization})
        assert (answer.status_code, answer.content) == (200, public.content), form.name


def test_forms_with_claims_nested_less_deeply_are_never_a_failure_of_ours(
    pool_client: httpx.Client, key_pair: KeyPair, claims: dict[str, Any]
) -> None:
    for depth in (1_000, 3_000, 10_000):
        deep = "[" * depth + "]" * depth
        # Python may read this depth: then the other claims decide.
        for name, readable in {"extra": 400, "cognito:groups": 403, "sub": 401}.items():
            payload = json.dumps({**claims, name: "deep"}).replace('"deep"', deep)
            token = sign_text(key_pair, payload).decode()
            assert status_for(pool_client, token) in {401, readable}, (name, depth)


def test_the_hash_of_the_access_token_is_not_needed(
    pool_client: httpx.Client, key_pair: KeyPair, claims: dict[str, Any]
) -> None:
    token = key_pair.sign({**claims, "at_hash": "8kM2cSJ0e5FwAhU8SCnHXw"})
    assert status_for(pool_client, token) == 400


def test_the_scheme_s_case_does_not_matter(
    pool_client: httpx.Client, key_pair: KeyPair, claims: dict[str, Any]
) -> None:
    headers = {"Authorization": f"bEARER {key_pair.sign(claims)}"}
    assert pool_client.post(GUARDED, headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"name": "Olive Owner", "email_verified": True, "role": "owner"}),
        ({"name": ""}, {"name": "owner"}),
        ({"name": "  "}, {"name": "owner"}),
        ({"name": ["Olive"]}, {"name": "owner"}),
        ({"email_verified": False}, {"email_verified": False}),
        ({"email_verified": "true"}, {"email_verified": False}),
        ({"cognito:groups": ["admins"]}, {"role": "public"}),
        ({"cognito:groups": None, "custom:role": "owner"}, {"role": "public"}),
        ({"custom:role": "public"}, {"role": "owner"}),
        ({"cognito:username": None}, {"cognito:username": "5a9f8c3e"}),
    ],
    ids=str,
)
def test_me_is_read_from_the_claims(
    pool_client: httpx.Client,
    key_pair: KeyPair,
    claims: dict[str, Any],
    changes: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    answer = pool_client.get("/auth/me", headers=bearer(key_pair.sign({**claims, **changes})))
    assert answer.status_code == 200
    user = answer.json()
    assert user.items() >= expected.items()
    assert user["custom:role"] == user["role"]
