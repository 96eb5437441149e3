"""DynamoDB Local runs on loopback, and ends when told or when nobody is there to tell it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from infra.paths import ROOT
from tests.real.dynamodb_local.server import DynamoDBLocalUnavailableError, run_dynamodb_local

RUN_FOR_EVER: Final = """
import time
from tests.real.dynamodb_local.server import run_dynamodb_local
with run_dynamodb_local() as endpoint:
    print(endpoint, flush=True)
    time.sleep(3600)
"""

needs_tools = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("mvn")), reason="DynamoDB Local needs java and mvn"
)


@pytest.fixture
def abandoned(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that has DynamoDB Local running."""
    command = [sys.executable, "-c", RUN_FOR_EVER]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def port_of(endpoint: str) -> int:
    return int(endpoint.strip().rpartition(":")[2])


def is_open(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=5).close()
    except OSError:
        return False
    return True


@needs_tools
def test_it_listens_on_its_loopback_address_alone_and_is_gone_afterwards() -> None:
    with run_dynamodb_local() as endpoint:
        port = port_of(endpoint)
        assert is_open("127.0.0.1", port)
        # A listener on every address would answer here too.
        assert not is_open("127.0.0.2", port)
    assert not is_open("127.0.0.1", port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends what a killed process began")
@needs_tools
def test_it_ends_with_the_process_that_started_it(abandoned: "subprocess.Popen[str]") -> None:
    assert abandoned.stdout
    port = port_of(abandoned.stdout.readline())
    abandoned.kill()
    deadline = time.monotonic() + 30
    while is_open("127.0.0.1", port):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_the_machine_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DynamoDBLocalUnavailableError, match=r"^DynamoDB Local needs java and mvn$"):
        run_dynamodb_local().__enter__()
