import tracemalloc
from collections.abc import Iterator
from typing import Final

import pytest

from src.utils.errors import ServiceUnavailableError
from src.utils.signing_keys import SigningKeys
from tests.backend.key_pairs import KeyPair, as_key_set, make_key_pair
from tests.backend.loopback import LoopbackServer, run_loopback_server

PATH: Final = "/pool/.well-known/jwks.json"


class Clock:
    """A clock that only a test moves."""

    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def key_pairs() -> tuple[KeyPair, KeyPair]:
    return make_key_pair("old"), make_key_pair("new")


@pytest.fixture
def server(key_pairs: tuple[KeyPair, KeyPair]) -> Iterator[LoopbackServer]:
    with run_loopback_server() as running:
        running.body = as_key_set(key_pairs[0])
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(server: LoopbackServer, clock: Clock) -> SigningKeys:
    return SigningKeys(server.url + PATH, clock)


def test_keys_are_fetched_once_and_kept(
    keys: SigningKeys, server: LoopbackServer, clock: Clock
) -> None:
    assert keys.find("old") is keys.find("old") is not None
    clock.seconds += 86_400
    assert keys.find("old") is not None
    assert server.paths == [PATH]


def test_an_unknown_id_asks_again_at_most_once_a_minute(
    keys: SigningKeys,
    server: LoopbackServer,
    clock: Clock,
    key_pairs: tuple[KeyPair, KeyPair],
) -> None:
    keys.find("old")
    server.body = as_key_set(*key_pairs)
    clock.seconds += 59
    assert keys.find("new") is None
    assert len(server.paths) == 1
    clock.seconds += 1
    assert keys.find("new") is not None
    assert [keys.find(f"made-up-{number}") for number in range(5)] == [None] * 5
    assert len(server.paths) == 2


def test_a_flood_of_unknown_ids_costs_one_request_and_no_memory(
    keys: SigningKeys, server: LoopbackServer
) -> None:
    keys.find("old")
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        assert not any(keys.find(f"made-up-{number}" * 50) for number in range(10_000))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 10_000
    assert len(server.paths) == 1


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b"[" * 100_000),
        (200, b'{"keys": [{}]}'),
        (200, b'{"keys": [{"kty": "RSA", "kid": "old"}]}'),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_key_set_that_cannot_be_had_is_unavailable_until_it_can(
    keys: SigningKeys,
    server: LoopbackServer,
    key_pairs: tuple[KeyPair, KeyPair],
    status: int,
    body: bytes,
) -> None:
    server.status, server.body = status, body
    with pytest.raises(ServiceUnavailableError):
        keys.find("old")
    server.status, server.body = 200, as_key_set(*key_pairs)
    assert keys.find("old") is not None


def test_while_the_key_set_is_away_known_keys_work_and_unknown_ids_stay_undecided(
    keys: SigningKeys,
    server: LoopbackServer,
    clock: Clock,
    key_pairs: tuple[KeyPair, KeyPair],
) -> None:
    keys.find("old")
    server.status, server.body = 503, as_key_set(*key_pairs)
    clock.seconds += 60
    for _ in range(2):
        # The second is not asked for: the next request waits for a second.
        with pytest.raises(ServiceUnavailableError):
            keys.find("new")
        assert keys.find("old") is not None
    assert len(server.paths) == 2
    server.status = 200
    clock.seconds += 1
    assert keys.find("new") is not None
    assert keys.find("made-up") is None


@pytest.mark.parametrize("first", ["made-up", "old"])
def test_a_failure_or_an_empty_answer_does_not_keep_a_new_container_from_asking(
    keys: SigningKeys, server: LoopbackServer, key_pairs: tuple[KeyPair, KeyPair], first: str
) -> None:
    server.status = 503
    with pytest.raises(ServiceUnavailableError):
        keys.find(first)
    server.status, server.body = 200, as_key_set()
    assert keys.find(first) is None
    server.body = as_key_set(key_pairs[0])
    assert keys.find("old") is not None


def test_keys_of_another_kind_are_left_alone(keys: SigningKeys, server: LoopbackServer) -> None:
    server.body = b'{"keys": [{"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}]}'
    assert keys.find("shared") is None
