"""The same source gives the same zip, and it has only the function's files."""

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.deployment import placeholder_environment
from infra.package import Package, Target
from infra.paths import ROOT
from tests.checkout import git, track

type Build = Callable[..., Package]

BUILD = """
import os, sys
from pathlib import Path
from infra.package import Target, build_package
os.umask(int(sys.argv[2], 8))
environment = {"STAGE": "made-up"}
print(build_package(Target(), environment=environment, project=Path(sys.argv[1])).sha256)
"""


def test_folder_time_umask_and_environment_do_not_change_the_bytes(
    checkout: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(checkout, tmp_path / "elsewhere" / "other")
    before = time.time() - 10  # a zip has times two seconds apart
    for path in other.rglob("*.py"):
        path.chmod(0o600)
        os.utime(path, (before, before))
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


@pytest.mark.real
def test_the_real_package_is_the_same_in_another_folder(
    build: Build, real_package: Package, tmp_path: Path
) -> None:
    for name in ("pyproject.toml", "uv.lock", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "backend", tmp_path / "backend")
    there = build(tmp_path, Target(docs=True), environment=placeholder_environment())
    assert there.path.is_relative_to(tmp_path)
    assert there.sha256 == real_package.sha256
    assert there.path.name == real_package.path.name
    assert there.size == there.path.stat().st_size < 20 * 1024**2


def test_names_are_sorted_and_times_and_modes_are_fixed(ready: Path, build: Build) -> None:
    with ZipFile(build(ready).path) as archive:
        entries = archive.infolist()
    names = [entry.filename for entry in entries]
    ours = [name.startswith("src/") for name in names]
    assert ours == sorted(ours)
    assert names == sorted(names, key=lambda name: (name.startswith("src/"), name))
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {stat.S_IFREG | 0o644}
    assert {(entry.create_system, entry.extra) for entry in entries} == {(3, b"")}


def test_the_zip_has_only_the_files_of_the_function(ready: Path, build: Build) -> None:
    (ready / "backend/src/.hidden").touch()
    (ready / "backend/src/main.py~").touch()
    with ZipFile(build(ready).path) as archive:
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


def test_linked_code_has_the_bytes_of_a_copy_whatever_the_modes(ready: Path, build: Build) -> None:
    shared = ready / "shared"
    shared.mkdir()
    (shared / "rock.py").write_text("WEIGHT = 2\n")
    link = ready / "backend/src/shared"
    link.symlink_to("../../shared")
    git(ready, "init", "--quiet")
    track(ready)
    linked = build(ready)
    with ZipFile(linked.path) as archive:
        assert archive.read("src/shared/rock.py") == b"WEIGHT = 2\n"
        assert "src/shared/__pycache__/rock.cpython-312.pyc" in archive.namelist()
    link.unlink()
    shutil.copytree(shared, link)
    (link / "rock.py").chmod(0o755)
    track(ready)
    assert build(ready).sha256 == linked.sha256


def test_each_architecture_has_a_zip_of_its_own(ready: Path, build: Build) -> None:
    said: list[str] = []
    x86_64 = build(ready)
    arm64 = build(ready, Target(architecture="arm64"), progress=said.append)
    assert x86_64.path != arm64.path
    assert any("/health" in line for line in said)
