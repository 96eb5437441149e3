"""The documentation pages in Chromium, without any other host than the local stage."""

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.local_stage import ServedStage


@pytest.fixture(scope="module")
def chromium() -> str:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not on PATH")
    return program


@pytest.mark.parametrize(
    ("path", "shown"), [("/docs", 'class="opblock-summary'), ("/redoc", "data-section-id=")]
)
def test_a_page_shows_the_operations_and_breaks_no_rule(
    chromium: str, local_stage: "ServedStage", tmp_path: Path, path: str, shown: str
) -> None:
    run = subprocess.run(
        [
            *(chromium, "--headless=new", "--no-sandbox", f"--user-data-dir={tmp_path}"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
            *("--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom"),
            f"{local_stage.url}{path}",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert shown in run.stdout
    assert "/visitors/count" in run.stdout
    # A refused style or script, or a request to another host, is a line of the console.
    assert "CONSOLE" not in run.stderr, run.stderr
