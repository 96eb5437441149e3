"""The checkouts of a user share the results of their local stages; a deployment builds its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.package import Package
from infra.package.cache.storage import clear_caches
from infra.paths import CACHE_VARIABLE, PROJECT
from infra.processes.leftovers import temporary_folder

type Build = Callable[..., Package]

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder's name there is random
BOTH = frozenset({"dependencies", "zip"})


@pytest.fixture
def other(checkout: Path, tmp_path: Path) -> Path:
    """Return another checkout of the same commit."""
    return shutil.copytree(checkout, tmp_path / "other")


@pytest.fixture
def broken(
    request: pytest.FixtureRequest,
    checkout: Path,  # noqa: ARG001 - it sets the variable
    user_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Break the user's folder for caches in one way."""
    folder = user_cache / PROJECT
    match request.param:
        case "missing":
            user_cache.rmdir()
        case "a file":
            folder.touch()
        case "a file in it":
            folder.mkdir()
            (folder / "zips").touch()
            (folder / "dependencies").touch()
        case "of another user":
            folder.mkdir()
            shutil.chown(folder, "nobody")
        case "a relative path":
            monkeypatch.setenv("XDG_CACHE_HOME", "relative")
            monkeypatch.setenv("HOME", str(user_cache / "no-home"))
        case "none":
            monkeypatch.setenv(CACHE_VARIABLE, "")
        case unknown:
            pytest.fail(f"no folder is broken like {unknown!r}")


def test_another_checkout_uses_the_results_and_keeps_them(
    checkout: Path, other: Path, build: Build, user_cache: Path
) -> None:
    first = build(checkout, shared=True)
    said: list[str] = []
    second = build(other, shared=True, progress=said.append)
    assert (first.reused, second.reused, said[1:]) == (frozenset(), BOTH, ["zip: reused"])
    assert (second.sha256, second.manifest_sha256) == (first.sha256, first.manifest_sha256)
    assert second.path.is_relative_to(other)
    shutil.rmtree(checkout)
    shutil.rmtree(user_cache / PROJECT)
    alone = build(other)
    assert (alone.reused, alone.path) == (BOTH, second.path)
    assert alone.dependencies
    assert (alone.dependencies.folder / "unpacked/pebble/__init__.py").is_file()


def test_changed_sources_use_the_shared_dependencies(
    checkout: Path, other: Path, build: Build
) -> None:
    build(checkout, shared=True)
    (other / "backend/src/more.py").touch()
    assert build(other, shared=True).reused == {"dependencies"}


def test_a_deployment_neither_uses_nor_leaves_shared_results(
    checkout: Path, other: Path, build: Build, user_cache: Path
) -> None:
    build(checkout)
    assert not list(user_cache.iterdir())
    build(checkout.rename(checkout.with_name("moved")), shared=True)
    assert build(other).reused == frozenset()


@pytest.mark.parametrize(
    "broken",
    ["missing", "a file", "a file in it", "of another user", "a relative path", "none"],
    indirect=True,
)
@pytest.mark.usefixtures("broken")
def test_a_folder_that_cannot_be_used_is_done_without(
    checkout: Path, other: Path, build: Build, tmp_path: Path
) -> None:
    before = {path for path in tmp_path.rglob("*") if "checkout" not in path.parts}
    assert build(checkout, shared=True).reused == frozenset()
    assert {path for path in tmp_path.rglob("*") if "checkout" not in path.parts} == before
    assert build(other, shared=True).reused == frozenset()


def test_a_folder_on_another_file_system_is_copied(
    checkout: Path, other: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    with temporary_folder("portfolio-test-", SHARED_MEMORY) as folder:
        assert folder.stat().st_dev != checkout.stat().st_dev
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
        first, second = build(checkout, shared=True), build(other, shared=True)
        assert second.reused == BOTH
        assert second.sha256 == first.sha256


def test_the_folder_can_be_chosen(
    checkout: Path, other: Path, build: Build, user_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = user_cache / "chosen"
    monkeypatch.setenv(CACHE_VARIABLE, str(chosen))
    build(checkout, shared=True)
    assert {each.name for each in chosen.iterdir()} == {"dependencies", "zips"}
    assert build(other, shared=True).reused == BOTH
    assert [each.name for each in user_cache.iterdir()] == ["chosen"]


def test_three_results_of_each_kind_are_shared(
    checkout: Path, build: Build, user_cache: Path
) -> None:
    for number in range(4):
        (checkout / f"backend/src/more_{number}.py").touch()
        build(checkout, shared=True)
    assert len(list((user_cache / PROJECT / "zips").iterdir())) == 3


def test_clearing_deletes_the_shared_results_too(checkout: Path, other: Path, build: Build) -> None:
    size = build(checkout, shared=True).size
    assert size < clear_caches(checkout).freed < size + 10_000
    assert build(other, shared=True).reused == frozenset()
