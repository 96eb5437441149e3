"""The same source gives the same zip, and what is in it starts without compiling anything."""

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

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
    if event == "compile" and str(arguments[1]).startswith(sys.argv[1]):
        compiled.append(arguments[1])
sys.addaudithook(watch)
sys.path.insert(0, sys.argv[1])
import src.main
assert sys.modules["pebble"].__file__.startswith(sys.argv[1])
print(compiled)
"""
MAKE_CLIENTS = """
import sys
sys.path.insert(0, sys.argv[1])
import boto3
from botocore.exceptions import UnknownServiceError
for service in sys.argv[2:]:
    client = boto3.client(service)
    print(client.meta.endpoint_url, len(client.meta.service_model.operation_names) > 50)
try:
    boto3.client("s3")
except UnknownServiceError:
    print("no s3")
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


def test_botocore_knows_the_services_in_use_and_no_other(build: Build, tmp_path: Path) -> None:
    with ZipFile(build(ROOT, environment=FUNCTION_ENVIRONMENT).path) as archive:
        archive.extractall(tmp_path)
    made = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", MAKE_CLIENTS, tmp_path, *sorted(SERVICES)],
        env={"AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.splitlines() == [
        "https://cognito-idp.us-east-1.amazonaws.com True",
        "https://dynamodb.us-east-1.amazonaws.com True",
        "no s3",
    ]


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
    task = tmp_path / "task"
    with ZipFile(build(checkout).path) as archive:
        archive.extractall(task)

    def compiled() -> str:
        command = [sys.executable, "-I", "-S", "-B", "-c", COUNT_COMPILED, task]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    for path in task.rglob("*.py"):
        os.utime(path)  # unpacking gives files the time of their unpacking, as on Lambda
    for path in (*task.rglob("*/"), task):
        path.chmod(0o555)
    assert compiled() == "[]\n"
    (task / "src/__pycache__").chmod(0o755)
    (task / "src/__pycache__/main.cpython-312.pyc").unlink()
    assert compiled() == f"['{task}/src/main.py']\n"


def test_each_architecture_has_a_zip_of_its_own(checkout: Path, build: Build) -> None:
    said: list[str] = []
    x86_64 = build(checkout)
    arm64 = build(checkout, Target(architecture="arm64"), progress=said.append)
    assert x86_64.path != arm64.path
    assert any("/health" in line for line in said)
