"""The API keeps the promises of its schema, for any input of an owner.

The contract suite checks the answers to all callers against the schema: see
`tests/contract/app_target.py`.
"""

import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from infra.paths import OPENAPI
from tests.backend.accounts import UserPool, create_account, id_token

if TYPE_CHECKING:
    from fastapi import FastAPI
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

HERE: Final = Path(__file__).parent
PROGRAM: Final = Path(sys.executable).with_name("schemathesis")


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


def run_schemathesis(url: str, directory: Path, *options: str) -> str:
    """Return its report, or nothing if it found nothing."""
    command = [PROGRAM, f"--config-file={HERE / 'schemathesis.toml'}", "run", OPENAPI]
    result = subprocess.run(
        [*command, f"--url={url}", *options],
        # No proxy, and no measuring of coverage, which would take its time.
        env={},
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Coverage" in result.stdout or "Fuzzing" in result.stdout, result.stderr
    return result.stdout if result.returncode else ""


def test_it_finds_nothing(
    url: str, tmp_path: Path, cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    # An owner of our own: one of the operations signs out whoever calls it.
    account = create_account(cognito, pool.id)
    cognito.admin_add_user_to_group(UserPoolId=pool.id, Username=account.email, GroupName="owner")
    token = id_token(cognito, pool, account)
    assert run_schemathesis(url, tmp_path, f"--header=Authorization: Bearer {token}") == ""
