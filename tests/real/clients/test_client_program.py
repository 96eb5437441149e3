"""The example program of `make client`: checked strictly, and run on a local stage."""

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from infra.paths import ROOT
from tests.real.clients.tools import NODE

if TYPE_CHECKING:
    from tests.local_stage import ServedStage

CLIENT = ROOT / "client"


@pytest.fixture(scope="module", autouse=True)
def _made_client() -> None:
    made = subprocess.run(["make", "client"], cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(made.stderr.strip().splitlines()[-1])


def test_the_program_has_no_type_errors() -> None:
    compiler = CLIENT / "node_modules/typescript/bin/tsc"
    command = [*NODE, compiler, "--project", CLIENT]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.stdout == ""
    assert checked.returncode == 0


def test_the_program_runs_on_a_local_stage(local_stage: "ServedStage") -> None:
    owner = local_stage.stage.owner
    account = {"OWNER_EMAIL": owner.email, "OWNER_PASSWORD": owner.password}
    ended = subprocess.run(
        [*NODE, CLIENT / "example.ts"],
        env=os.environ | account | {"API_URL": local_stage.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    expected = (
        r"logged in for 3600 s\n"
        r"published /blogs/slug/typed-from-end-to-end\S*: 1 min read\n"
        r"posts with its tag: Typed from end to end\n"
        r"\d+ visits, 1 views of the post\n"
    )
    assert re.fullmatch(expected, ended.stdout)
