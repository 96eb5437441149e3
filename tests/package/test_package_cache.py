"""What was built is found again, and only then; killed and concurrent builds do no harm."""

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
from infra.package.cache import Cache, digest

type Build = Callable[..., Package]
type Lock = Callable[..., None]
type PublishWheel = Callable[..., None]

BUILD = """
import sys, time
from pathlib import Path
from infra.package import Target, build_package

def say(line):
    print(line, flush=True)
    if line.startswith(sys.argv[2]):
        time.sleep(60)

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
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_nothing_changed_reuses_both_stages(checkout: Path, build: Build) -> None:
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


def test_a_renamed_file_is_a_change(checkout: Path, build: Build) -> None:
    (checkout / "backend/src/one.py").touch()
    first = build(checkout)
    (checkout / "backend/src/one.py").rename(checkout / "backend/src/other.py")
    assert build(checkout).sha256 != first.sha256


def test_another_lock_installs_anew(
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


def test_progress_says_what_is_done(checkout: Path, build: Build) -> None:
    said: list[str] = []
    build(checkout, progress=said.append)
    assert said == [
        "dependencies: installing 1 wheels",
        "dependencies: compiling and compressing",
        "zip: adding 2 files of backend/src",
        "zip: asking the handler for /health",
    ]
    said.clear()
    build(checkout, progress=said.append)
    assert said == ["zip: reused"]


@pytest.mark.parametrize(
    "moment",
    ["dependencies: installing", "dependencies: compiling", "zip: adding", "zip: asking"],
)
def test_a_build_killed_at_a_stage_is_repaired_by_the_next(
    checkout: Path, build: Build, moment: str, tmp_path: Path
) -> None:
    untouched = shutil.copytree(checkout, tmp_path / "untouched")
    process = _start(checkout, stop_at=moment)
    assert process.stdout
    with process.stdout:
        assert any(line.startswith(moment) for line in iter(process.stdout.readline, ""))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert build(checkout).sha256 == build(untouched).sha256


@pytest.mark.parametrize("delay", [0.15, 0.25, 0.3, 0.35, 0.4, 0.5])
def test_a_build_killed_at_any_time_is_repaired_by_the_next(
    checkout: Path, build: Build, delay: float, tmp_path: Path
) -> None:
    untouched = shutil.copytree(checkout, tmp_path / "untouched")
    process = _start(checkout)
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert build(checkout).sha256 == build(untouched).sha256


def test_concurrent_builds_agree(checkout: Path) -> None:
    builds = [_start(checkout) for _ in range(4)]
    answers = [process.communicate()[0].splitlines()[-1] for process in builds]
    assert len(set(answers)) == 1
    assert len(answers[0]) == 64
    assert [process.returncode for process in builds] == [0] * 4
    assert not list(checkout.rglob("unfinished-*"))


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache", kept=2)


def _make(built: Path, _: Path) -> None:
    (built / "file").touch()


def _age(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_old_entries_go_but_the_last_used_stay(cache: Cache) -> None:
    for age, key in enumerate(["a", "b", "c", "d"], start=2):
        cache.build(key, _make)
        _age(cache.folder / key, age)
    assert cache.find("d")
    cache.build("e", _make)
    assert sorted(path.name for path in cache.folder.iterdir()) == ["d", "e"]


def test_entries_of_the_last_hour_stay(cache: Cache) -> None:
    for key in ("a", "b", "c", "d"):
        cache.build(key, _make)
    assert len(list(cache.folder.iterdir())) == 4


def test_what_killed_builds_leave_goes_after_an_hour(cache: Cache) -> None:
    for name, age in (("unfinished-old", 2), ("unfinished-running", 0.5)):
        leftover = cache.folder / name / "scratch" / "task"
        leftover.mkdir(parents=True)
        (leftover / "file").touch()
        leftover.chmod(0o555)
        _age(cache.folder / name, age)
    cache.build("a", _make)
    assert sorted(path.name for path in cache.folder.iterdir()) == ["a", "unfinished-running"]


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
    assert [path.name for path in entry.iterdir()] == ["file"]


def test_an_entry_that_cannot_be_put_in_place_is_an_error(cache: Cache) -> None:
    with pytest.raises(FileNotFoundError):
        cache.build("no/such/folder", _make)


def test_keys_tell_where_one_part_ends() -> None:
    assert digest({"a": "bc"}) == digest({"a": b"bc"})
    assert digest({"a": "b", "c": "d"}) == digest({"c": "d", "a": "b"})
    keys = [digest({"a": "bc"}), digest({"ab": "c"}), digest({"a": "b", "c": ""}), digest({})]
    assert len(set(keys)) == 4
