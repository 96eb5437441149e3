"""Clients of the API under test: a stranger, its owner, and a user in no group."""

import os
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.contract.content_kinds import KINDS, Kind
from tests.contract.target import (
    Credentials,
    Target,
    find_authorizer,
    find_remote_target,
    open_local_target,
)

_APP = pytest.param("emulator", id="app")
_STAGE = pytest.param("local_stage", id="stage")
_GUARDED_STAGE = pytest.param("guarded_stage", id="guarded-stage")
"""Names of the fixtures for the targets."""

_WITH_TOKENS = {"test_contract_content.py", "test_contract_analytics.py"}
"""Files that send good tokens to all guarded routes."""

_READS = {"GET", "HEAD", "OPTIONS"}


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the targets; on the guarded stage run no tests that its authorizer has no part in."""
    if "target" not in metafunc.fixturenames:
        return
    test = metafunc.definition
    targets = [_APP, _STAGE]
    if test.get_closest_marker("gateway") or test.path.name in _WITH_TOKENS:
        targets.append(_GUARDED_STAGE)
    if os.environ.get("API_URL"):
        targets = [pytest.param("API_URL")]
    metafunc.parametrize("target", targets, indirect=True, scope="session")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests over HTTP as `real`, except those of the gateway on the local stage."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        target = callspec and callspec.params.get("target")
        is_of_gateway = target == "local_stage" and item.get_closest_marker("gateway")
        if target in ("local_stage", "guarded_stage") and not is_of_gateway:
            item.add_marker("real")


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    if request.param == "API_URL":
        yield find_authorizer(find_remote_target())
        return
    basis = request.getfixturevalue(request.param)
    if request.param != "emulator":
        yield open_local_target(basis, gateway_checks_tokens=request.param == "guarded_stage")
        return
    from tests.contract.app_target import open_app_target  # noqa: PLC0415 - for its users alone

    with open_app_target(basis) as found:
        yield found


@pytest.fixture(scope="session")
def run_id() -> str:
    """Part of the names of created items, for this run to find its own."""
    return f"contract-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def owner_credentials(target: Target) -> Credentials:
    return _given(target.owner, "OWNER")


@pytest.fixture(scope="session")
def user_credentials(target: Target) -> Credentials:
    return _given(target.user, "USER")


@pytest.fixture(scope="session")
def owner_token(target: Target, owner_credentials: Credentials) -> str:
    return _log_in(target, owner_credentials)


@pytest.fixture(scope="session")
def user_token(target: Target, user_credentials: Credentials) -> str:
    return _log_in(target, user_credentials)


@pytest.fixture(scope="module")
def created(target: Target) -> list[str]:  # noqa: ARG001 - a list for each target
    """URLs of the items created by this module's clients on a target."""
    return []


@pytest.fixture(scope="module")
def api(target: Target, created: list[str]) -> Iterator[httpx.Client]:
    """A client without a token."""
    with _connect(target, created) as client:
        yield client


@pytest.fixture(scope="module")
def owner(target: Target, created: list[str], owner_token: str) -> Iterator[httpx.Client]:
    """The owner's client; at the end it deletes the created items, even after a failure."""
    with _connect(target, created, owner_token) as client:
        yield client
        for url in created:
            client.delete(url)


@pytest.fixture(scope="module")
def user(target: Target, created: list[str], user_token: str) -> Iterator[httpx.Client]:
    """The client of someone in no group."""
    with _connect(target, created, user_token) as client:
        yield client


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.content_type)
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@contextmanager
def _connect(
    target: Target, created: list[str], token: str | None = None
) -> Generator[httpx.Client]:
    def check(request: httpx.Request) -> None:
        may_be_sent = request.method in _READS or request.url.path == "/auth/login"
        if not (target.may_write or may_be_sent):
            pytest.skip("the test writes: add --write")

    def remember(answer: httpx.Response) -> None:
        if answer.status_code == 201:
            answer.read()
            created.append(f"{answer.request.url}/{answer.json()['id']}")

    with httpx.Client(
        base_url=target.url,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=35,
        transport=target.transport,
        # A proxy would not find a stage on loopback.
        trust_env=not target.is_ours_alone,
        event_hooks={"request": [check], "response": [remember]},
    ) as client:
        yield client


def _given(credentials: Credentials | None, prefix: str) -> Credentials:
    if credentials is None:
        pytest.skip(f"{prefix}_EMAIL and {prefix}_PASSWORD are not set")
    return credentials


def _log_in(target: Target, credentials: Credentials) -> str:
    body = {"email": credentials.email, "password": credentials.password}
    with _connect(target, []) as client:
        answer = client.post("/auth/login", json=body)
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["id_token"]
    return token
