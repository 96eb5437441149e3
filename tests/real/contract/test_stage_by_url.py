"""The contract suite on a stage by its URL: it says if the frontend can read a guarded 401."""

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from infra.paths import ROOT
from tests.contract.test_contract_cors import UNREADABLE

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

READABLE = "test_contract_cors.py::test_a_refused_token_can_be_read_by_the_frontend"


def run_suite(served: "ServedStage") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"tests/contract/{READABLE}",
        ],
        cwd=ROOT,
        env=os.environ | {"API_URL": served.url, "ORIGIN": "http://localhost:5173"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_the_authorizer_a_guarded_401_is_readable(local_stage: "ServedStage") -> None:
    run = run_suite(local_stage)
    assert run.returncode == 0, run.stdout
    assert "4 passed" in run.stdout


def test_an_unreadable_401_fails_with_its_consequence_and_the_setting(
    guarded_stage: "ServedStage",
) -> None:
    run = run_suite(guarded_stage)
    assert run.returncode == 1
    assert UNREADABLE in run.stdout
    assert "4 failed" in run.stdout
