"""`make` on a machine that lacks something: one clear line, and nothing half done."""

import shutil
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from tests.checkout import copy_checkout

TOOLS = ("awk", "echo", "env", "make", "rm", "sh")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder for PATH with what every machine has, and neither Python nor uv."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool) or "/missing")
    return folder


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_checkout(tmp_path_factory.mktemp("make") / "checkout")


def make(checkout: Path, programs: Path, *targets: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [programs / "make", "--no-print-directory", *targets],
        cwd=checkout,
        env={"PATH": str(programs), "HOME": str(checkout), "UV_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_alone_it_lists_the_commands(checkout: Path, programs: Path) -> None:
    listed = make(checkout, programs).stdout
    for command in ("up", "test", "lint", "format", "package", "bench", "clean"):
        assert f"make {command} " in listed


@pytest.mark.parametrize("target", ["up", "test"])
def test_where_uv_cannot_be_brought_it_says_so(checkout: Path, programs: Path, target: str) -> None:
    run = make(checkout, programs, target)
    assert run.returncode != 0
    assert run.stderr.startswith("error: uv is missing, and pip could not install it: install it")
    assert not (checkout / ".cache" / "uv").exists()


@pytest.mark.parametrize("target", ["up", "test"])
def test_where_there_is_no_python_it_says_which_and_how(
    checkout: Path, programs: Path, target: str
) -> None:
    (programs / "uv").symlink_to(find_uv_bin())
    run = make(checkout, programs, target)
    assert run.returncode != 0
    assert run.stderr.startswith("error: Python 3.12 is missing, and uv could not download it")
