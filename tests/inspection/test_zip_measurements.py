"""Size and import time of zips: measured in turns, or with the reason for a missing time."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.package import Architecture, Target
from infra.package.host_engine import HOST
from portfolio.inspection.measurements import Measurement, measure_zips


@pytest.fixture
def architecture() -> Architecture:
    """This machine's."""
    target = HOST.runnable(Target())
    assert target
    return target.architecture


def make_zip(folder: Path, name: str, code: str) -> Path:
    path = folder / f"{name}.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("src/__init__.py", "")
        archive.writestr("src/main.py", code)
    return path


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "exit code -9"),
        ("import os\nos._exit(0)", "exit code 0"),
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
    ],
)
def test_a_zip_that_cannot_be_imported_does_not_keep_the_others_time(
    tmp_path: Path, architecture: Architecture, code: str, reason: str
) -> None:
    broken, good = make_zip(tmp_path, "broken", code), make_zip(tmp_path, "good", "print('hello')")
    untimed, timed = measure_zips([broken, good], architecture)
    assert (untimed.seconds, untimed.untimed) == (
        None,
        f"the import fails on this machine: {reason}",
    )
    assert (timed.size, timed.untimed) == (good.stat().st_size, "")
    assert timed.seconds


def test_an_import_that_takes_too_long_is_given_up(
    tmp_path: Path, architecture: Architecture
) -> None:
    slow = make_zip(tmp_path, "slow", "import time\ntime.sleep(60)")
    (found,) = measure_zips([slow], architecture, timeout=0.5)
    assert re.fullmatch(r"the import takes more than 0\.5 s", found.untimed)


COUNT_RUNS = """
from pathlib import Path
with Path({log!r}).open("a") as log:
    log.write({name!r})
"""


def test_zips_take_turns_and_one_that_is_there_twice_is_timed_once(
    tmp_path: Path, architecture: Architecture
) -> None:
    log = tmp_path / "log"
    one, other = (
        make_zip(tmp_path, name, COUNT_RUNS.format(log=str(log), name=name)) for name in "ab"
    )
    assert all(each.seconds for each in measure_zips([one, other], architecture))
    assert log.read_text() == "ababab"
    log.unlink()
    here, beside = measure_zips([one, one], architecture)
    assert here == beside
    assert here.seconds
    assert log.read_text() == "aa"


def test_a_zip_for_another_processor_has_its_size_alone(
    tmp_path: Path, architecture: Architecture
) -> None:
    other: Architecture = "arm64" if architecture == "x86_64" else "x86_64"
    path = make_zip(tmp_path, "zip", "")
    reason = f"{other} code does not run on this machine"
    assert measure_zips([path], other) == [Measurement(path.stat().st_size, None, reason)]


def test_a_zip_for_an_unknown_processor_is_tried(tmp_path: Path) -> None:
    (found,) = measure_zips([make_zip(tmp_path, "zip", "")], None)
    assert found.seconds


def test_without_room_to_unpack_the_size_is_known(
    tmp_path: Path, architecture: Architecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_zip(tmp_path, "zip", "")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    (found,) = measure_zips([path], architecture)
    assert (found.size, found.seconds) == (path.stat().st_size, None)
    assert found.untimed.startswith("the zip cannot be unpacked: [Errno 2]")
