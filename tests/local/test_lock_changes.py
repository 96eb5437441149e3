"""A changed lock while `portfolio up` runs: the zip is built again, with the new dependencies."""

import subprocess
from pathlib import Path

import httpx
import pytest

from infra.package.lock import BACKEND_PROJECT
from infra.paths import ROOT
from infra.processes.environment import inherited_environment
from tests.checkout import git
from tests.local.up_process import portfolio_up

HEALTH = "backend/src/api/health.py"


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
        source = checkout / HEALTH
        source.write_text(f"import pexpect\n{source.read_text()}")
        run.wait_for(rf"{HEALTH} changed: reloading\n· function: new code is live")
        assert httpx.get(f"{run.url}/health", timeout=35).status_code == 200
        assert run.stop() == 130
