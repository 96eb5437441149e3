"""The manifest beside the zip is complete, and the same source gives the same one."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.errors import PackageError
from infra.package import Package, Target
from infra.package.inventory import read_inventory

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

FIELDS = {
    *("architecture", "distributions", "engine", "image", "largest_packages", "lock_sha256"),
    *("runtime", "source_sha256", "zip"),
}


def test_it_has_the_inputs_target_and_contents_of_the_zip(ready: Path, build: Build) -> None:
    package = build(ready)
    manifest = json.loads(package.manifest.read_text())
    with ZipFile(package.path) as archive:
        unzipped = sum(entry.file_size for entry in archive.infolist())
    assert package.manifest.parent == package.path.parent
    assert package.manifest_sha256 == hashlib.sha256(package.manifest.read_bytes()).hexdigest()
    assert set(manifest) == FIELDS
    assert manifest["zip"] == {
        "sha256": hashlib.sha256(package.path.read_bytes()).hexdigest(),
        "zipped": package.path.stat().st_size,
        "unzipped": unzipped,
    }
    assert (manifest["engine"], manifest["image"]) == ("host", None)
    assert (manifest["runtime"], manifest["architecture"]) == ("python3.12", "x86_64")
    assert manifest["distributions"] == [{"name": "pebble", "version": "1.0", "licence": "unknown"}]
    assert [each["name"] for each in manifest["largest_packages"]] == ["pebble", "src"]


def test_it_is_the_same_in_another_folder(
    checkout: Path, ready: Path, build: Build, tmp_path: Path
) -> None:
    first, second = build(checkout), build(ready)
    assert first.manifest.read_bytes() == second.manifest.read_bytes()
    assert str(tmp_path) not in first.manifest.read_text()


def test_source_lock_and_architecture_each_change_it(
    ready: Path, build: Build, lock: Lock, publish_wheel: PublishWheel
) -> None:
    def manifest(target: Target | None = None) -> dict[str, object]:
        return json.loads(build(ready, target).manifest.read_text())

    before = manifest()
    (ready / "backend/src/more.py").touch()
    source = manifest()
    publish_wheel("pumice", {"pumice.py": ""})
    lock(ready, "pebble", "pumice")
    locked = manifest()
    arm64 = manifest(Target(architecture="arm64"))
    hashes = ("source_sha256", "lock_sha256")
    assert [before[name] == source[name] for name in hashes] == [False, True]
    assert [source[name] == locked[name] for name in hashes] == [True, False]
    assert {name for name in FIELDS if locked[name] != arm64[name]} == {"architecture"}


@pytest.fixture
def zip_with(tmp_path: Path) -> Callable[..., Path]:
    def make(**files: bytes) -> Path:
        path = tmp_path / "made.zip"
        with ZipFile(path, "w") as archive:
            for name, content in {"src/main.py": b"", **files}.items():
                archive.writestr(name, content)
        return path

    return make


@pytest.mark.parametrize(
    ("headers", "licence"),
    [
        ("License-Expression: MIT\nLicense: something else", "MIT"),
        ("License: BSD-3-Clause\nClassifier: License :: OSI Approved :: X", "BSD-3-Clause"),
        ("License: Copyright me\n  All of it\nClassifier: License :: OSI Approved :: X", "X"),
        ("License: UNKNOWN", "unknown"),
        (
            "License: Dual License\nClassifier: License :: B\nClassifier: License :: OSI :: A",
            "A AND B",
        ),
        ("", "unknown"),
    ],
)
def test_licences_are_read_from_each_kind_of_metadata(
    zip_with: Callable[..., Path], headers: str, licence: str
) -> None:
    metadata = f"Metadata-Version: 2.4\nName: Pebble\nVersion: 1.0\n{headers}\n\nLicense: no\n"
    path = zip_with(**{"Pebble-1.0.dist-info/METADATA": metadata.encode()})
    assert read_inventory(path).distributions == [
        {"name": "Pebble", "version": "1.0", "licence": licence}
    ]


def test_packages_have_their_import_names(zip_with: Callable[..., Path]) -> None:
    names = {
        "_stone.cpython-312-x86_64-linux-gnu.so": 4,
        "six.py": 3,
        "__pycache__/six.cpython-312.pyc": 2,
        "stone/deep/er.py": 5,
        "stone.libs/libstone.so.1": 6,
        "stone-1.0.dist-info/METADATA": 100,
    }
    path = zip_with(**{name: bytes(size) for name, size in names.items()})
    weights = {each["name"]: each["unzipped"] for each in read_inventory(path).packages()}
    assert weights == {"stone.libs": 6, "six": 5, "stone": 5, "_stone": 4, "src": 0}
    assert list(weights) == ["stone.libs", "six", "stone", "_stone", "src"]


def test_a_damaged_zip_is_refused_in_one_line(zip_with: Callable[..., Path]) -> None:
    path = zip_with(**{"stone-1.0.dist-info/METADATA": b"Name: stone"})
    path.write_bytes(path.read_bytes().replace(b"Name: stone", b"Name: grave"))
    with pytest.raises(PackageError, match=r"made\.zip is damaged: stone-1\.0\.dist-info/METADATA"):
        read_inventory(path)
