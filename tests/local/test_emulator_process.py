"""The emulator: on loopback, in its own environment, and gone at the end of its block."""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.errors import LocalStageError
from portfolio.local.emulator import Emulator, install_emulator, run_emulator
from tests.processes.living import running_in_group

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


def test_a_start_without_a_debugger_leaves_that_of_another_start_installed() -> None:
    with_debugger, without = install_emulator(debug=True), install_emulator()
    for python, expected in ((with_debugger, True), (without, False)):
        words = [python, "-I", "-c", "import ministack.app, debugpy"]
        assert (subprocess.run(words, capture_output=True, check=False).returncode == 0) is expected


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
    assert running_in_group(emulator.process.pid) == []


def almost_full(_folder: Path) -> SimpleNamespace:
    return SimpleNamespace(free=10 * 1024**2)


def test_a_folder_that_forbids_programs_or_is_full_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statvfs = os.statvfs

    def forbid(path: Path) -> SimpleNamespace:
        found = statvfs(path)
        return SimpleNamespace(f_flag=os.ST_NOEXEC, f_frsize=found.f_frsize, f_bfree=0)

    monkeypatch.setattr(os, "statvfs", forbid)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    message = rf"^{tmp_path} is mounted with noexec, but .* Set TMPDIR to another folder\.$"
    with pytest.raises(LocalStageError, match=message), run_emulator(Path("/nowhere/python")):
        pass
    monkeypatch.undo()
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(shutil, "disk_usage", almost_full)
    message = rf"^{tmp_path} has 10 MB left, but the emulator needs 256\. Free some space, or"
    with pytest.raises(LocalStageError, match=message), run_emulator(Path("/nowhere/python")):
        pass


PRINT_DELETIONS = """
import os, sys
from pathlib import Path
from infra.processes.leftovers import delete_folder
sys.addaudithook(lambda event, values: event == "os.remove" and print(Path(values[0]).name))
delete_folder(Path(sys.argv[1]))
"""


def test_a_deletion_that_is_killed_leaves_the_lock(tmp_path: Path) -> None:
    folder = tmp_path / "portfolio-emulator-ended"
    (folder / "code").mkdir(parents=True)
    names = [*(f"{number}.zip" for number in range(20)), "code/src.py", "in-use.lock"]
    for name in names:
        (folder / name).touch()
    words = [sys.executable, "-c", PRINT_DELETIONS, str(folder)]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    # At its end, the measuring of coverage deletes a file too.
    deleted = [name for name in printed if not name.startswith(".coverage")]
    assert deleted[-1] == "in-use.lock"
    assert len(deleted) == len(names)
    assert not folder.exists()


def test_a_start_deletes_the_files_of_killed_ones_and_no_others(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    killed, of_another_version = (
        tmp_path / f"portfolio-emulator-{name}" for name in ("killed", "other")
    )
    with run_emulator() as running:
        used = running.log.parent
        shutil.copytree(used, killed)
        shutil.copytree(used, of_another_version)
        (of_another_version / "in-use.lock").unlink()
        (tmp_path / "portfolio-emulator-empty").mkdir()
        with run_emulator() as beside:
            kept = {used, beside.log.parent, of_another_version}
            assert set(tmp_path.glob("portfolio-emulator-*")) == kept
        assert set(tmp_path.glob("portfolio-*")) == {used, of_another_version}
    assert emulator.log.exists()
    assert [*tmp_path.glob("portfolio-*")] == [of_another_version]
