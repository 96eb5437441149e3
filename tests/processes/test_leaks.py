"""The scan at the end of a test run finds made-up secrets in its files."""

import base64
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from portfolio.owners.passwords import generate_password
from tests.backend.lambda_handler import make_event
from tests.leaks import Leak, find_leaks


def make_token() -> str:
    header, claims = {"alg": "RS256", "kid": "1"}, {"sub": str(uuid.uuid4()), "exp": 1}
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), secrets.token_bytes(32)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


VALUES: Final = {
    "address": make_event("GET", "/")["requestContext"]["http"]["sourceIp"],
    "e-mail": f"{uuid.uuid4().hex}@example.com",
    "emulator's secret": f"http://127.0.0.1:40000/{secrets.token_urlsafe(32)}/health",
    "password": generate_password(),
    "token": make_token(),
}
"""A value of each kind, as the tests make them up."""

CONFTEST: Final = """
from tests.leaks import LeakScan

def pytest_configure(config):
    config.pluginmanager.register(LeakScan())
"""

TEST: Final = f"""
def test_it(tmp_path):
    (tmp_path / "server.log").write_text({VALUES["token"][::-1]!r}[::-1])
"""
"""A test of an older file; the token backwards is not an example of the token."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is deleted after the test: the scan of our own run must not find it."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


@pytest.mark.parametrize("kind", VALUES)
def test_a_made_up_value_is_found(folder: Path, kind: str) -> None:
    checkout, temporary = folder / "checkout", folder / "temporary"
    running = checkout / ".cache" / "running"
    for each in (checkout / "docs", running, temporary):
        each.mkdir(parents=True)
    start, text = time.time(), f"{{'value': '{VALUES[kind]}'}}"
    leaking = [running / "all-read-it", checkout / "state.json", temporary / "log"]
    for file in leaking:
        file.write_bytes(b"\xff " + text.encode())
    (running / "owner-reads-it").touch(mode=0o600)
    (running / "owner-reads-it").write_text(text)
    assert find_leaks(checkout, [temporary], start) == [Leak(file, kind) for file in leaking]
    # An example in an older file of the checkout is not made up by the run.
    example = checkout / "docs" / "api.md"
    example.write_text(text)
    os.utime(example, (start - 60, start - 60))
    assert find_leaks(checkout, [temporary], start) == []


@pytest.mark.real
@pytest.mark.parametrize("processes", ["0", "1"])
def test_a_run_fails_and_names_the_file_but_not_the_value(folder: Path, processes: str) -> None:
    (folder / "pytest.ini").write_text("[pytest]")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text(TEST)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--basetemp=made", "-n", processes],
        cwd=folder,
        env=inherited_environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stdout
    assert "1 passed" in done.stdout
    assert "leaked token: " in done.stdout
    assert "server.log" in done.stdout
    assert VALUES["token"] not in done.stdout
