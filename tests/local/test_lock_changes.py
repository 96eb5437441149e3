"""A changed lock while `portfolio up` runs: the zip is built again, with the new dependencies."""

import subprocess
import time
from pathlib import Path

import httpx
import pexpect
import pytest

from infra.package.lock import BACKEND_PROJECT
from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from tests.checkout import git
from tests.local.up_process import START_TIMEOUT, portfolio_up


@pytest.mark.real
def test_a_new_dependency_is_installed_and_imported(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "init", "--quiet")
    git(checkout, "add", "--all")
    with portfolio_up(tmp_path, root=checkout) as run:
        run.wait_for("Ctrl-C to stop")
        # It is in the lock of the project already, but not one of the backend's.
        subprocess.run(
            [ROOT / "bin/uv", "add", "--no-sync", "--package", BACKEND_PROJECT, "pexpect"],
            cwd=checkout,
            env=inherited_environment(),
            check=True,
        )
        run.wait_for(r"changed: building the zip\n(?:.*\n)*· function: the new zip is live")
        source = checkout / "backend/src/api/health.py"
        used = source.read_text().replace("version=app.version", "version=pexpect.__version__")
        source.write_text(f"import pexpect\n{used}")
        # Not by a printed line: uv may write the lock twice, and both may be one change.
        deadline = time.monotonic() + START_TIMEOUT
        while httpx.get(f"{run.url}/health", timeout=35).json()["version"] != pexpect.__version__:
            assert time.monotonic() < deadline, run.printed
            time.sleep(0.1)
        assert run.stop() == 130
