"""The emulator: on loopback, in its own environment, and gone at the end of its block."""

import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.errors import LocalStageError
from portfolio.local.emulator import Emulator, run_emulator

FUNCTION = """
import importlib.util, os
def handler(event, context):
    return {
        "variables": dict(os.environ),
        "modules": [name for name in event if importlib.util.find_spec(name)],
    }
"""
TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}


def invoke(emulator: Emulator, event: list[str]) -> dict[str, Any]:
    from portfolio.local.clients import connect  # noqa: PLC0415 - boto3 is slow to import

    clients = connect(emulator.endpoint, "us-east-1")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("spy.py", FUNCTION)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    role = clients.iam.create_role(RoleName="spy", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    clients.functions.create_function(
        FunctionName="spy",
        Runtime="python3.12",
        Handler="spy.handler",
        Role=role,
        Code={"ZipFile": code.getvalue()},
    )
    clients.functions.get_waiter("function_active_v2").wait(FunctionName="spy")
    answer = clients.functions.invoke(FunctionName="spy", Payload=json.dumps(event))
    seen: dict[str, Any] = json.loads(answer["Payload"].read())
    return seen


def test_a_function_sees_neither_our_variables_nor_our_packages(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COGNITO_CLIENT_ID", "the deployer's own")
    with run_emulator() as alone:
        seen = invoke(alone, ["fastapi", "mangum", "pydantic", "boto3", "jose", "json"])
        assert not alone.has_stopped()
    assert alone.has_stopped()
    assert seen["modules"] == ["json"]
    assert "COGNITO_CLIENT_ID" not in seen["variables"]
    assert "LOG_LEVEL" not in seen["variables"]
    assert alone.endpoint != emulator.endpoint


def test_it_listens_on_loopback_only(emulator: Emulator) -> None:
    listeners = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {
        str(link.readlink())
        for link in Path(f"/proc/{emulator.process.pid}/fd").iterdir()
        if link.is_symlink()
    }
    addresses = {
        fields[1].split(":")[0]
        for fields in listeners
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets
    }
    assert addresses == {"0100007F"}


def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho no emulator today\nexit 3\n")
    python.chmod(0o755)
    failure = pytest.raises(LocalStageError, match="did not start: no emulator today")
    with failure, run_emulator(python):
        pytest.fail("it started")


def test_it_and_its_files_are_gone_when_the_body_fails() -> None:
    with pytest.raises(AssertionError), run_emulator() as emulator:
        assert not emulator.log.exists()
    assert emulator.has_stopped()
    assert not emulator.log.parent.exists()
    listing = subprocess.run(["ps", "-eo", "pgid"], capture_output=True, text=True, check=True)
    assert str(emulator.process.pid) not in listing.stdout.split()
