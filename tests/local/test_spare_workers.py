"""The spare worker of the emulator: a process that has imported the libraries before."""

import io
import json
import os
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from portfolio.local.emulator import Emulator, run_emulator

FUNCTION: Final = """
import os, sys
LOADED = "fastapi" in sys.modules
import library
def handler(event, context):
    paths = [library.__file__, *sys.path]
    return {"pid": os.getpid(), "loaded": LOADED, "paths": paths, "variables": dict(os.environ)}
"""
TRUST: Final = {
    "Effect": "Allow",
    "Action": "sts:AssumeRole",
    "Principal": {"Service": "lambda.amazonaws.com"},
}
NAME: Final = "versions"


class Versions:
    """Versions of a function, each with its libraries in a folder."""

    def __init__(self, emulator: Emulator) -> None:
        from portfolio.local.clients import connect  # noqa: PLC0415 - boto3 is slow to import

        clients = connect(emulator.endpoint, "us-east-1")
        self._functions, self._group = clients.functions, emulator.process.pid
        self._workers: set[int] = set()
        policy = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
        role = clients.iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=policy)["Role"]
        self._functions.create_function(
            FunctionName=NAME,
            Runtime="python3.12",
            Handler="versions.handler",
            Role=role["Arn"],
            Code={"ZipFile": make_code(None)},
        )
        self._functions.get_waiter("function_active_v2").wait(FunctionName=NAME)

    def call(self, libraries: Path) -> dict[str, Any]:
        """Publish a version with these libraries, and return what its worker sees."""
        version = self._functions.update_function_code(
            FunctionName=NAME, ZipFile=make_code(libraries), Publish=True
        )["Version"]
        answer = self._functions.invoke(FunctionName=NAME, Qualifier=version, Payload=b"{}")
        seen: dict[str, Any] = json.loads(answer["Payload"].read())
        self._workers.add(seen["pid"])
        assert seen["variables"]["AWS_LAMBDA_FUNCTION_VERSION"] == version
        return seen

    def wait_for_spare(self) -> int:
        """Return the process id of the spare worker, as soon as there is one."""
        deadline = time.monotonic() + 30
        while not (found := self.spares()):
            assert time.monotonic() < deadline, "no spare worker"
            time.sleep(0.05)
        (spare,) = found
        return spare

    def spares(self) -> list[int]:
        processes = {int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()}
        return [pid for pid in processes - self._workers if is_spare(pid, self._group)]


def is_spare(pid: int, group: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"spare_worker.py" in command and os.getpgid(pid) == group
    except OSError:  # it has ended
        return False


def make_code(libraries: Path | None) -> bytes:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("versions.py", FUNCTION)
        if libraries:
            archive.writestr("dependencies.path", str(libraries))
    return code.getvalue()


@pytest.fixture(scope="module")
def versions() -> Iterator[Versions]:
    with run_emulator() as emulator:
        yield Versions(emulator)


@pytest.fixture
def libraries(tmp_path: Path) -> Path:
    for name in ("library", "fastapi"):
        (tmp_path / f"{name}.py").touch()
    return tmp_path


def test_a_version_gets_the_spare_worker_and_its_own_environment(
    versions: Versions, libraries: Path
) -> None:
    first = versions.call(libraries)
    spare = versions.wait_for_spare()
    second = versions.call(libraries)
    assert (first["loaded"], second["loaded"]) == (False, True)
    assert second["pid"] == spare
    assert first["paths"][0] == second["paths"][0] == str(libraries / "library.py")
    folders = [[Path(path).name for path in seen["paths"][1:]] for seen in (first, second)]
    assert folders[0][0] == folders[1][0] == "code"
    assert folders[0][2] == libraries.name
    # The one before is the folder of the worker's own program.
    assert folders[0][2:] == folders[1][2:]
    assert first["variables"].keys() == second["variables"].keys()
    assert second["variables"]["LAMBDA_TASK_ROOT"] == second["paths"][1]
    assert versions.wait_for_spare() != spare


def test_a_spare_worker_with_other_libraries_is_ended(
    versions: Versions, libraries: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    versions.call(libraries)
    spare = versions.wait_for_spare()
    other = tmp_path_factory.mktemp("other")
    (other / "library.py").touch()
    seen = versions.call(other)
    assert seen["paths"][0] == str(other / "library.py")
    assert seen["pid"] != spare
    assert not is_spare(spare, os.getpgid(seen["pid"]))


def test_a_version_starts_without_a_spare_worker(versions: Versions, libraries: Path) -> None:
    versions.call(libraries)
    spare = versions.wait_for_spare()
    os.kill(spare, signal.SIGKILL)
    assert versions.call(libraries)["pid"] != spare
