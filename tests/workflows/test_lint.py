"""`make lint` with tools of ours on PATH, some of which fail."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from infra.paths import ROOT

TOOLS: Final = (
    "actionlint",
    "basedpyright",
    "lint-imports",
    "portfolio",
    "ruff",
    "detect-secrets-hook",
    "policies",
    "shellcheck",
    "zizmor",
)
RUNS: Final = sorted([*TOOLS, "ruff"])
"""Each run of a tool, sorted."""


class Tools:
    """A folder of programs that note that they were called, and fail where that is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._called = folder / "called"
        for tool in TOOLS:
            self.install(tool, code=0)

    def install(self, tool: str, *, code: int) -> None:
        program = self.folder / tool
        program.write_text(
            f"#!/bin/sh\necho {tool} >> {self._called}\n"
            # Slow enough for two outputs to mix.
            f"echo {tool} begins\nsleep 0.1\necho {tool} ends >&2\nexit {code}\n"
        )
        program.chmod(0o755)

    @property
    def called(self) -> list[str]:
        return sorted(self._called.read_text().split())

    def lint(self) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(self.folder), f"{sys.prefix}/bin", os.environ["PATH"]])
        return subprocess.run(
            [
                *("make", "lint", "RUN=env", f"ACTIONLINT={self.folder}/actionlint"),
                *("POLICIES=policies", "SCAN_FILES=printf Makefile"),
            ],
            cwd=ROOT,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return Tools(tmp_path)


def test_a_tool_that_fails_stops_no_other(tools: Tools) -> None:
    tools.install("basedpyright", code=1)
    tools.install("ruff", code=2)
    done = tools.lint()
    assert done.returncode == 2, done.stderr
    assert "Error 1\n" in done.stderr
    assert tools.called == RUNS
    assert done.stderr.startswith("error: 3 of 10 checks failed: ")
    lines = re.findall(r"^([✓✗]) .*\S  \d+\.\d s$", done.stdout, re.MULTILINE)
    assert sorted(lines) == ["✓"] * 7 + ["✗"] * 3


def test_the_output_of_a_failed_tool_stays_together(tools: Tools) -> None:
    tools.install("basedpyright", code=1)
    tools.install("ruff", code=1)
    done = tools.lint()
    assert done.stdout.count("ruff begins\nruff ends\n\n") == 2
    assert done.stdout.count("basedpyright begins\nbasedpyright ends\n\n") == 1
    assert "zizmor begins" not in done.stdout


def test_a_checkout_without_faults_passes(tools: Tools) -> None:
    done = tools.lint()
    assert (done.returncode, done.stderr) == (0, "")
    assert tools.called == RUNS
    assert re.fullmatch(r"All 10 checks passed in \d+\.\d s\.", done.stdout.splitlines()[-1])
