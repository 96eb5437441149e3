"""The API keeps the promises of its schema, for any input of an owner.

The contract suite checks the answers to all callers against the schema: see
`tests/contract/app_target.py`.
"""

import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from tests.backend.accounts import UserPool, create_account, id_token
from tests.backend.run_schemathesis import run_schemathesis
from tests.contract.content_kinds import FURTHER

if TYPE_CHECKING:
    from fastapi import FastAPI
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

SAMPLE: Final = (
    "createPost",
    "trackVisitor",
    *(f"create{kind.content_type.title()}" for kind in FURTHER),
)
"""The operations to send random input to in `make test`: an owner's, everyone's, new kinds'."""


@contextmanager
def serve(app: "FastAPI") -> Generator[str]:
    """Serve the app on a free port of loopback."""
    import uvicorn  # noqa: PLC0415 - for its user alone

    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    # With the protocol named, asyncio sends small packets at once; else each answer waits 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def url(app: "FastAPI") -> Iterator[str]:
    with serve(app) as served:
        yield served


@pytest.fixture
def token(cognito: "CognitoIdentityProviderClient", pool: UserPool) -> str:
    # An owner of our own: one of the operations signs out whoever calls it.
    account = create_account(cognito, pool.id)
    cognito.admin_add_user_to_group(UserPoolId=pool.id, Username=account.email, GroupName="owner")
    return id_token(cognito, pool, account)


def test_a_sample_finds_nothing(url: str, token: str, tmp_path: Path) -> None:
    chosen = [f"--include-operation-id={name}" for name in SAMPLE]
    run = run_schemathesis(url, token, tmp_path, "--phases=examples,fuzzing", *chosen)
    assert run.problems == ""
    assert run.cases >= len(SAMPLE)


@pytest.mark.real
def test_it_finds_nothing(url: str, token: str, tmp_path: Path) -> None:
    run = run_schemathesis(url, token, tmp_path)
    assert run.problems == ""
    assert run.cases > 500
