"""The same source gives the same zip, and what is in it starts without compiling anything."""

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, override
from zipfile import ZipFile

import pytest

from infra.package import Package, Target
from infra.package.services import SERVICES
from infra.paths import ROOT

type Build = Callable[..., Package]

BUILD = """
import os, sys
from pathlib import Path
from infra.package import Target, build_package
os.umask(int(sys.argv[2], 8))
environment = {"STAGE": "made-up"}
print(build_package(Target(), environment=environment, project=Path(sys.argv[1])).sha256)
"""
COUNT_COMPILED = """
import sys
compiled = []
def watch(event, arguments):
    if event != "compile" or not str(arguments[1]).startswith(sys.argv[1]):
        return
    # Not what a module parses of its own accord, as anyio does with its list of names.
    if sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
        compiled.append(arguments[1])
sys.addaudithook(watch)
sys.path.insert(0, sys.argv[1])
import src.main
outside = [name for name in sys.argv[2:] if not sys.modules[name].__file__.startswith(sys.argv[1])]
print(compiled, outside)
"""
EXERCISE_CLIENTS = """
import json, sys
sys.path.insert(0, sys.argv[1])
from functools import cached_property
from botocore.client import BaseClient
from botocore.exceptions import ClientError, UnknownServiceError
from src.config import Settings
from src.utils.services import Services

CALLS = {
    "dynamodb": lambda client: client.get_item(TableName="table", Key={"PK": {"S": "a"}}),
    "cognito-idp": lambda client: client.initiate_auth(
        ClientId="a", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": "a"}
    ),
}
services, refused = Services(Settings()), {}
made = (getattr(services, name) for name, each in vars(Services).items()
        if isinstance(each, cached_property))
for client in made:
    if isinstance(client, BaseClient):
        service = client.meta.service_model.service_name
        try:
            CALLS[service](client)
        except ClientError as error:
            refused[service] = error.response["Error"]["Code"]
import boto3
try:
    boto3.client("s3")
except UnknownServiceError:
    refused["s3"] = "unknown"
print(json.dumps(refused))
"""
FUNCTION_ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "COGNITO_CLIENT_ID": "0123456789abcdefghijklmnop",
    "COGNITO_USER_POOL_ID": "us-east-1_Abc123",
    "CORS_ORIGINS": "https://patrickcmd.dev",
    "DYNAMODB_TABLE_NAME": "made-up-table",
    "ENVIRONMENT": "made-up",
    "LOG_LEVEL": "INFO",
    "SESSION_KEY": "k" * 32,
}


def test_folder_time_umask_and_environment_do_not_change_the_bytes(
    checkout: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(checkout, tmp_path / "elsewhere" / "other")
    time.sleep(2)  # a zip tells times two seconds apart
    for path in other.rglob("*.py"):
        path.touch(0o600)
    first, second = (
        subprocess.run(
            [sys.executable, "-c", BUILD, folder, umask],
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder, umask, variables in (
            (checkout, "022", {"PYTHONHASHSEED": "1"}),
            (
                other,
                "077",
                {
                    "PYTHONHASHSEED": "2",
                    "PYTHONNODEBUGRANGES": "1",
                    "PYTHONOPTIMIZE": "2",
                    "UV_COMPILE_BYTECODE": "1",
                    "UV_LINK_MODE": "copy",
                    "UV_EXCLUDE_NEWER": "2000-01-01",
                },
            ),
        )
    )
    assert first == second


def test_the_real_package_is_the_same_built_anew_elsewhere(build: Build, tmp_path: Path) -> None:
    for name in ("pyproject.toml", "uv.lock", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "backend", tmp_path / "backend")
    here = build(ROOT, environment=FUNCTION_ENVIRONMENT)
    there = build(tmp_path, environment=FUNCTION_ENVIRONMENT)
    assert here.sha256 == there.sha256
    assert here.path.name == there.path.name
    assert here.path != there.path
    assert here.size == here.path.stat().st_size < 20 * 1024**2


class _Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"__type": f"Seen{self.headers['X-Amz-Target']}"}).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def refusing_aws() -> Iterator[str]:
    """An endpoint that answers each call with an error named after the call."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_every_client_the_code_makes_works_from_the_zip(task: Path, refusing_aws: str) -> None:
    ours = FUNCTION_ENVIRONMENT | {
        "AWS_ENDPOINT_URL": refusing_aws,
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
    }
    answers = json.loads(_run_isolated(EXERCISE_CLIENTS, task, environment=ours))
    assert answers == {
        "cognito-idp": "SeenAWSCognitoIdentityProviderService.InitiateAuth",
        "dynamodb": "SeenDynamoDB_20120810.GetItem",
        "s3": "unknown",
    }
    assert set(answers) - {"s3"} == SERVICES


def _unpack(archive: Path, task: Path) -> Path:
    with ZipFile(archive) as content:
        content.extractall(task)
    for path in task.rglob("*.py"):
        os.utime(path)
    for path in (*task.rglob("*/"), task):
        path.chmod(0o555)
    return task


def _run_isolated(
    code: str, task: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> str:
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", code, task, *arguments],
        env=environment or {},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_names_are_sorted_and_times_and_modes_are_fixed(checkout: Path, build: Build) -> None:
    with ZipFile(build(checkout).path) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    ours = [name.startswith("src/") for name in names]
    assert ours == sorted(ours)
    assert names == sorted(names, key=lambda name: (name.startswith("src/"), name))
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {stat.S_IFREG | 0o644}
    assert {(entry.create_system, entry.extra) for entry in entries} == {(3, b"")}


def test_the_zip_holds_what_the_function_needs_and_nothing_else(
    checkout: Path, build: Build
) -> None:
    (checkout / "backend/src/.hidden").touch()
    (checkout / "backend/src/main.py~").touch()
    with ZipFile(build(checkout).path) as archive:
        names = set(archive.namelist())
    assert names == {
        "pebble-1.0.dist-info/METADATA",
        "pebble-1.0.dist-info/entry_points.txt",
        "pebble-1.0.dist-info/licenses/LICENSE",
        "pebble/__init__.py",
        "pebble/__pycache__/__init__.cpython-312.pyc",
        "pebble/__pycache__/warns.cpython-312.pyc",
        "pebble/for_python_2.py",
        "pebble/warns.py",
        "src/__init__.py",
        "src/__pycache__/__init__.cpython-312.pyc",
        "src/__pycache__/main.cpython-312.pyc",
        "src/main.py",
    }


def test_importing_the_unpacked_read_only_zip_compiles_nothing(
    checkout: Path, build: Build, tmp_path: Path
) -> None:
    task = _unpack(build(checkout).path, tmp_path / "task")
    assert _run_isolated(COUNT_COMPILED, task, "pebble") == "[] []\n"
    (task / "src/__pycache__").chmod(0o755)
    (task / "src/__pycache__/main.cpython-312.pyc").unlink()
    assert _run_isolated(COUNT_COMPILED, task, "pebble") == f"['{task}/src/main.py'] []\n"


def test_each_architecture_has_a_zip_of_its_own(checkout: Path, build: Build) -> None:
    said: list[str] = []
    x86_64 = build(checkout)
    arm64 = build(checkout, Target(architecture="arm64"), progress=said.append)
    assert x86_64.path != arm64.path
    assert any("/health" in line for line in said)
