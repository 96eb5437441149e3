"""A build names the changed parts of the key as its reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.package import Package, Target
from infra.package.cache.explanation import explain_build
from infra.package.cache.key import Parts, write_parts

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

PARTS = {
    "architecture": "x86_64",
    "builder": "b" * 64,
    "compiler": "CPython 3.12.1",
    "engine": "host",
    "python": "3.12",
    "uv.lock": "a" * 64,
    "uv.lock/fastapi": "0.164.0",
}


def test_the_first_build_and_a_build_without_changes(checkout: Path, build: Build) -> None:
    assert build(checkout).steps == {
        "dependencies": "built for the first time",
        "zip": "built for the first time",
    }
    assert build(checkout).steps == {"dependencies": "reused", "zip": "reused"}


def test_changed_code_is_named(ready: Path, build: Build) -> None:
    build(ready)
    main = ready / "backend/src/main.py"
    main.write_text(main.read_text() + "\n")
    (ready / "backend/src/new.py").touch()
    (ready / "backend/src/__init__.py").unlink()
    assert build(ready).steps == {
        "dependencies": "reused",
        "zip": "rebuilt, backend/src/__init__.py removed, backend/src/main.py changed, "
        "backend/src/new.py added",
    }


def test_many_changed_files_are_counted(ready: Path, build: Build) -> None:
    build(ready)
    for number in range(8):
        (ready / f"backend/src/new{number}.py").touch()
    assert build(ready).steps["zip"].endswith("backend/src/new4.py added and 3 more")


def test_changed_distributions_are_named(
    checkout: Path, build: Build, lock: Lock, publish_wheel: PublishWheel
) -> None:
    publish_wheel("chalk", {"chalk.py": ""})
    build(checkout)
    lock(checkout, "pebble", "chalk")
    assert build(checkout).steps == {
        "dependencies": "rebuilt, uv.lock changed: chalk 1.0 added",
        "zip": "rebuilt, dependencies changed",
    }


def test_another_architecture_is_compared_with_its_own_kind(ready: Path, build: Build) -> None:
    build(ready)
    arm64 = Target(architecture="arm64")
    assert build(ready, arm64).steps == {
        "dependencies": "rebuilt, architecture changed: x86_64 → arm64",
        "zip": "rebuilt, architecture changed: x86_64 → arm64; dependencies changed",
    }
    main = ready / "backend/src/main.py"
    main.write_text(main.read_text() + "\n")
    for target in (None, arm64):
        assert build(ready, target).steps["zip"] == "rebuilt, backend/src/main.py changed"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"builder": "c" * 64}, "builder changed"),
        ({"compiler": "CPython 3.12.2"}, "compiler changed: CPython 3.12.1 → CPython 3.12.2"),
        ({"image": "sha256:1"}, "image changed: sha256:1 added"),
        ({"uv.lock": "d" * 64}, "uv.lock changed"),
        ({"engine": "container"}, "engine changed: host → container"),
        (
            {"uv.lock": "d" * 64, "uv.lock/fastapi": "0.165.0"},
            "uv.lock changed: fastapi 0.164.0 → 0.165.0",
        ),
        (
            {"uv.lock": "d" * 64, "uv.lock/fastapi": "0.165.0", "builder": "c" * 64},
            "builder changed; uv.lock changed: fastapi 0.164.0 → 0.165.0",
        ),
    ],
)
def test_each_part_of_the_key_is_explained(tmp_path: Path, changes: Parts, told: str) -> None:
    write_parts(PARTS, tmp_path)
    assert explain_build(PARTS | changes, [tmp_path]) == f"rebuilt, {told}"


def test_unreadable_results_of_older_builders_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken/key.json").write_text("{")
    others = [tmp_path / "missing", tmp_path / "broken"]
    assert explain_build(PARTS, others) == "built for the first time"
