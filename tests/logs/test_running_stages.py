"""A local stage is found for as long as it runs, and not a moment longer."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from infra.errors import LocalStageError
from portfolio.local.running_stages import RunningStage, announce, find_running

STAGE = RunningStage(8000, "http://127.0.0.1:4566", "us-east-1", {"log_group": "/aws/lambda/x"})
OTHER = RunningStage(8123, "http://127.0.0.1:4567", "us-east-1", {"log_group": "/aws/lambda/x"})
STAGE_WITH_PAGE = replace(STAGE, status_url="http://localhost:8001/x")

ANNOUNCE = """
import sys
from pathlib import Path
from portfolio.local.running_stages import RunningStage, announce
with announce(RunningStage(8000, "http://127.0.0.1:4566", "us-east-1", {}), Path(sys.argv[1])):
    print("announced", flush=True)
    sys.stdin.read()
"""


def refuse(folder: Path, port: int | None = None) -> str:
    with pytest.raises(LocalStageError) as refusal:
        find_running(port, folder)
    return str(refusal.value)


def test_a_running_stage_is_found_and_gone_afterwards(tmp_path: Path) -> None:
    with announce(STAGE, tmp_path):
        assert find_running(None, tmp_path) == STAGE
        assert find_running(8000, tmp_path) == STAGE
    assert not list(tmp_path.iterdir())
    assert refuse(tmp_path) == "make up is not running: start it in another terminal."


def test_nothing_ever_ran(tmp_path: Path) -> None:
    assert "make up is not running" in refuse(tmp_path / "missing")


def test_of_several_one_is_chosen_by_its_port(tmp_path: Path) -> None:
    with announce(STAGE, tmp_path), announce(OTHER, tmp_path):
        assert find_running(8123, tmp_path) == OTHER
        assert refuse(tmp_path) == (
            "Several local stages are running: choose one with --port (8000, 8123)."
        )
        assert "not running on port 9000" in refuse(tmp_path, 9000)


def test_changed_outputs_are_published_and_the_stage_is_found_at_each_moment(
    tmp_path: Path,
) -> None:
    outputs = {"live_version": "1"}
    stage = RunningStage(8000, "http://127.0.0.1:4566", "us-east-1", outputs)
    with announce(stage, tmp_path) as publish, ThreadPoolExecutor(1) as others:
        found = others.submit(lambda: [find_running(None, tmp_path).outputs for _ in range(300)])
        while not found.done():
            outputs["live_version"] += "1"
            publish()
        assert len({each["live_version"] for each in found.result()}) > 1
        assert find_running(None, tmp_path).outputs == outputs
    assert not list(tmp_path.iterdir())


def test_if_the_outputs_cannot_be_published_the_earlier_ones_stay(tmp_path: Path) -> None:
    with announce(STAGE, tmp_path) as publish:
        blocked = tmp_path / f"8000.{os.getpid()}"
        blocked.mkdir()
        with pytest.raises(LocalStageError, match="Other commands cannot find this stage: "):
            publish()
        assert find_running(None, tmp_path) == STAGE
        blocked.rmdir()


def test_one_that_was_killed_is_not_taken_for_running(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ANNOUNCE, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == b"announced\n"
    assert find_running(None, tmp_path).port == 8000
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert (tmp_path / "8000.json").exists()
    assert "make up is not running" in refuse(tmp_path)
    (tmp_path / "8001.html").touch()
    with announce(OTHER, tmp_path), announce(STAGE_WITH_PAGE, tmp_path):
        assert find_running(OTHER.port, tmp_path).port == OTHER.port
        assert (tmp_path / "8001.html").exists()


def test_the_next_stage_deletes_the_files_of_a_killed_one(tmp_path: Path) -> None:
    for name in ("8000.json", "8001.html"):
        (tmp_path / name).write_text(json.dumps(asdict(STAGE_WITH_PAGE)))
    with announce(OTHER, tmp_path):
        assert [each.name for each in tmp_path.iterdir()] == ["8123.json"]
