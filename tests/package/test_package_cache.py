"""Builds reuse results of the same inputs; killed and parallel builds do no harm."""

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.package import Package
from infra.package.cache.entries import Cache, Cleared, digest
from infra.package.cache.storage import clear_caches
from tests.checkout import git, track

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

BUILD = """
import sys
from pathlib import Path
from infra.package import Target, build_package

def say(line):
    print(line, flush=True)
    if line.startswith(sys.argv[2]):
        input()

environment = {"STAGE": "made-up"}
package = build_package(
    Target(), environment=environment, project=Path(sys.argv[1]), progress=say
)
print(package.sha256)
"""
BOTH = frozenset({"dependencies", "zip"})


def _start(checkout: Path, stop_at: str = "never") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, checkout, stop_at],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_nothing_changed_reuses_both_steps(checkout: Path, build: Build) -> None:
    first, again = build(checkout), build(checkout)
    assert (first.reused, again.reused) == (frozenset(), BOTH)
    assert (first.path, first.sha256, first.size) == (again.path, again.sha256, again.size)


def test_changed_code_reuses_the_dependencies(checkout: Path, build: Build) -> None:
    first = build(checkout)
    main = checkout / "backend/src/main.py"
    before = main.read_text()
    main.write_text(before + "\nCHANGED = True\n")
    changed = build(checkout)
    main.write_text(before)
    back = build(checkout)
    assert changed.reused == {"dependencies"}
    assert changed.sha256 != first.sha256
    assert (back.reused, back.path) == (BOTH, first.path)


def test_a_renamed_file_is_a_change(ready: Path, build: Build) -> None:
    (ready / "backend/src/one.py").touch()
    first = build(ready)
    (ready / "backend/src/one.py").rename(ready / "backend/src/other.py")
    assert build(ready).sha256 != first.sha256


def test_a_file_that_is_left_out_changes_neither_zip_nor_manifest(
    ready: Path, build: Build
) -> None:
    alone = build(ready)
    git(ready, "init", "--quiet")
    track(ready)
    for name in (".env", "notes.txt", "server.pem"):
        (ready / "backend/src" / name).write_text("made up")
    said: list[str] = []
    package = build(ready, progress=said.append)
    assert (package.path, package.sha256) == (alone.path, alone.sha256)
    assert package.manifest_sha256 == alone.manifest_sha256
    keys = "backend/src/.env, backend/src/server.pem"
    assert said == [
        f"zip: left out, like a key or an environment file: {keys}",
        "zip: left out, not in git: backend/src/notes.txt",
        "zip: reused",
    ]
    assert package.left_out == {
        "backend/src/.env": "like a key or an environment file",
        "backend/src/notes.txt": "not in git",
        "backend/src/server.pem": "like a key or an environment file",
    }


def test_another_lock_installs_again(
    checkout: Path, build: Build, lock: Lock, publish_wheel: PublishWheel
) -> None:
    publish_wheel("gravel", {"gravel.py": ""})
    first = build(checkout)
    lock(checkout, "pebble", "gravel")
    assert build(checkout).reused == frozenset()
    lock(checkout, "pebble")
    assert build(checkout).path == first.path


def test_a_lock_that_changed_for_others_reuses_both(
    checkout: Path, build: Build, lock: Lock
) -> None:
    build(checkout)
    described = checkout / "pyproject.toml"
    described.write_text(described.read_text().replace('version = "0"', 'version = "1"'))
    lock(checkout, "pebble")
    assert build(checkout).reused == BOTH


def test_progress_names_each_step(checkout: Path, build: Build) -> None:
    said: list[str] = []
    build(checkout, progress=said.append)
    assert said.pop(0).startswith("zip: no git repository here: each file of backend/src is added")
    assert said == [
        "dependencies: installing 1 wheels",
        "dependencies: compiling and compressing",
        "dependencies: built for the first time",
        "zip: adding 2 files from backend/src",
        "zip: calling /health",
        "zip: built for the first time",
    ]
    said.clear()
    build(checkout, progress=said.append)
    assert said[1:] == ["zip: reused"]


def _wait_until(process: subprocess.Popen[str], moment: str) -> None:
    assert process.stdout
    assert any(line.startswith(moment) for line in iter(process.stdout.readline, ""))


def _kill(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.mark.parametrize(
    "moment",
    ["dependencies: installing", "dependencies: compiling", "zip: adding", "zip: calling"],
)
def test_a_build_killed_in_a_step_is_repaired_by_the_next(
    checkout: Path, build: Build, moment: str, ready: Path
) -> None:
    process = _start(checkout, stop_at=moment)
    _wait_until(process, moment)
    _kill(process)
    assert list(checkout.rglob("unfinished-*"))
    repaired, clean = build(checkout), build(ready)
    assert repaired.sha256 == clean.sha256
    assert repaired.manifest_sha256 == clean.manifest_sha256
    assert not list(checkout.rglob("unfinished-*"))


@pytest.mark.real
def test_builds_killed_at_any_time_are_repaired_by_the_next(
    checkout: Path, build: Build, tmp_path: Path
) -> None:
    untouched = shutil.copytree(checkout, tmp_path / "untouched")
    start = time.monotonic()
    _start(untouched).communicate()
    whole = time.monotonic() - start
    for fifth in range(1, 6):
        killed = shutil.copytree(checkout, tmp_path / f"killed-{fifth}")
        process = _start(killed)
        time.sleep(whole * fifth / 5)
        _kill(process)
        assert build(killed).sha256 == build(untouched).sha256, fifth
        clear_caches(killed)
        assert not list(killed.rglob("unfinished-*")), fifth


def test_concurrent_builds_agree(checkout: Path) -> None:
    builds = [_start(checkout) for _ in range(3)]
    answers = [process.communicate()[0].splitlines()[-1] for process in builds]
    assert len(set(answers)) == 1
    assert len(answers[0]) == 64
    assert [process.returncode for process in builds] == [0] * 3
    assert not list(checkout.rglob("unfinished-*"))


def test_concurrent_builds_of_different_sources_do_not_mix(
    checkout: Path, build: Build, tmp_path: Path
) -> None:
    main = checkout / "backend/src/main.py"
    processes: list[subprocess.Popen[str]] = []
    copies: list[Path] = []
    for number in range(2):
        main.write_text(f"{main.read_text()}\nNUMBER = {number}\n")
        copies.append(shutil.copytree(checkout, tmp_path / str(number), ignore=_without_cache))
        processes.append(_start(checkout, stop_at="dependencies: installing"))
        _wait_until(processes[-1], "dependencies: installing")
    answers = [process.communicate("\n")[0].splitlines()[-1] for process in processes]
    assert answers == [build(copy).sha256 for copy in copies]


def _without_cache(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name == ".cache"]


@pytest.mark.parametrize("moment", ["dependencies: installing", "zip: calling"])
def test_clearing_does_not_disturb_a_running_build(
    checkout: Path, build: Build, moment: str, ready: Path
) -> None:
    process = _start(checkout, stop_at=moment)
    _wait_until(process, moment)
    assert clear_caches(checkout).in_use > 0
    answer = process.communicate("\n")[0].splitlines()[-1]
    assert process.returncode == 0
    assert answer == build(ready).sha256


def test_clearing_deletes_unused_results_and_returns_the_freed_bytes(
    checkout: Path, build: Build
) -> None:
    package = build(checkout)
    size = package.size
    held = clear_caches(checkout)
    assert held.in_use == 2, "the zip and its dependencies"
    assert package.path.exists()
    del package
    cleared = clear_caches(checkout)
    assert size < cleared.freed < size + 10_000
    assert cleared.in_use == 0
    assert [path for path in (checkout / ".cache/package").rglob("*") if path.is_file()] == []
    assert clear_caches(checkout) == Cleared(0, 0)
    assert build(checkout).reused == frozenset()


def test_files_shared_with_a_download_cache_are_not_counted_as_freed(cache: Cache) -> None:
    def make(built: Path, _: Path) -> None:
        (built / "own").write_bytes(bytes(1000))
        (cache.folder / "shared").write_bytes(bytes(5000))
        (built / "linked").hardlink_to(cache.folder / "shared")
        (cache.folder / "shared").rename(cache.folder.parent / "shared")

    cache.build("a", make)
    gc.collect()
    assert cache.clear() == Cleared(1000, 0)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", kept=2)


def _make(built: Path, _: Path) -> None:
    (built / "file").touch()


def _age(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def _names(cache: Cache) -> list[str]:
    return sorted(path.name for path in cache.folder.iterdir())


def test_only_the_last_used_entries_stay(cache: Cache) -> None:
    for age, key in enumerate(["a", "b"], start=2):
        cache.build(key, _make)
        _age(cache.folder / key, age)
    assert cache.find("a")
    cache.build("c", _make)
    assert _names(cache) == ["a", "c"]
    for key in "defghijkl":
        cache.build(key, _make)
    assert _names(cache) == ["k", "l"]
    assert [path.name for path in cache.recent()] == ["l", "k"]


def test_an_entry_in_use_stays(cache: Cache) -> None:
    used = cache.build("a", _make)
    for key in "bcde":
        cache.build(key, _make)
    assert _names(cache) == ["a", "d", "e"]
    del used
    cache.build("f", _make)
    assert _names(cache) == ["e", "f"]


def test_the_next_build_deletes_the_rest_of_a_killed_build(cache: Cache) -> None:
    leftover = cache.folder / "unfinished-killed" / "scratch" / "task"
    leftover.mkdir(parents=True)
    (leftover / "file").touch()
    leftover.chmod(0o555)

    def make(built: Path, scratch: Path) -> None:
        _make(built, scratch)
        cache.build("inner", _make)
        assert built.exists()

    cache.build("a", make)
    assert _names(cache) == ["a", "inner"]


def test_the_next_use_deletes_the_rest_of_a_killed_build(cache: Cache) -> None:
    cache.build("a", _make)
    leftover = cache.folder / "unfinished-killed"

    def make(built: Path, scratch: Path) -> None:
        _make(built, scratch)
        leftover.mkdir()
        assert cache.find("a")
        assert not leftover.exists()
        assert scratch.exists()

    cache.build("b", make)
    assert _names(cache) == ["a", "b"]


def test_a_failed_build_leaves_no_entry(cache: Cache) -> None:
    def fail(built: Path, scratch: Path) -> None:
        _make(built, scratch)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        cache.build("a", fail)
    assert cache.find("a") is None
    assert not list(cache.folder.iterdir())


def test_the_faster_of_two_builds_wins(cache: Cache) -> None:
    def be_slow(built: Path, _: Path) -> None:
        cache.build("a", _make)
        (built / "slow").touch()

    entry = cache.build("a", be_slow)
    assert [path.name for path in entry.folder.iterdir()] == ["file"]


def test_an_entry_with_a_bad_key_is_an_error(cache: Cache) -> None:
    with pytest.raises(FileNotFoundError):
        cache.build("no/such/folder", _make)


def test_keys_separate_their_parts() -> None:
    assert digest({"a": "bc"}) == digest({"a": b"bc"})
    assert digest({"a": "b", "c": "d"}) == digest({"c": "d", "a": "b"})
    keys = [digest({"a": "bc"}), digest({"ab": "c"}), digest({"a": "b", "c": ""}), digest({})]
    assert len(set(keys)) == 4
