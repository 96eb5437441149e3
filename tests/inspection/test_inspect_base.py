"""`portfolio inspect --base` and `--markdown`: this checkout's zip beside another commit's."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.package import Package
from infra.paths import CACHE
from tests.checkout import copy_checkout
from tests.commands import Result, run_command

TABLE = """\
\\| package \\| `{name}` \\| this checkout \\| change \\|
\\| --- \\| --: \\| --: \\| --: \\|
\\| zip size \\| (\\S+ MB) \\| \\1 \\| \\+0\\.0 % \\|
\\| import time \\| \\d\\.\\d\\d s \\| \\d\\.\\d\\d s \\| [+-]\\d+\\.\\d % \\|
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout as the branch `main`, and the branch `broken` without a build."""
    folder = copy_checkout(tmp_path_factory.mktemp("inspect") / "checkout")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "base")
    git(folder, "checkout", "-q", "-b", "broken")
    (folder / "portfolio/__main__.py").write_text("import sys; sys.exit('error: out of order')")
    git(folder, "commit", "-q", "-a", "-m", "broken")
    git(folder, "checkout", "-q", "main")
    (folder / CACHE.name).symlink_to(CACHE)
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    finished = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return finished.stdout


def inspect(checkout: Path, *arguments: str) -> Result:
    """Run `portfolio inspect` as a process in a checkout."""
    finished = subprocess.run(
        [sys.executable, "-m", "portfolio", "inspect", *arguments],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in finished.stderr, finished.stderr
    return Result(finished.returncode, finished.stdout, finished.stderr)


@pytest.mark.real
@pytest.mark.usefixtures("real_package")
def test_markdown_has_both_zips_side_by_side(repository: Path) -> None:
    done = inspect(repository, "--base", "main", "--markdown")
    assert done.code == 0, done.err
    assert re.fullmatch(TABLE.format(name="main"), done.out), done.out
    assert "building the zip of main\n" in done.err
    assert len(git(repository, "worktree", "list").splitlines()) == 1


@pytest.mark.real
@pytest.mark.usefixtures("real_package")
def test_a_base_without_a_zip_fails_but_the_own_zip_and_the_reason_are_printed(
    repository: Path,
) -> None:
    done = inspect(repository, "--base", "broken", "--markdown")
    assert done.code == 1
    table, reason = done.out.split("\n\n")
    assert table.startswith("| package | this checkout |\n")
    assert re.fullmatch(r"\| import time \| \d\.\d\d s \|", table.splitlines()[-1])
    assert reason == "The zip is not compared with `broken`: `out of order`.\n"
    assert done.err.endswith("error: The zip is not compared with broken: out of order\n")


def test_a_base_without_a_zip_leaves_json_empty(repository: Path) -> None:
    done = inspect(repository, "--base", "broken", "--json")
    assert (done.code, done.out) == (1, "")


@pytest.mark.real
def test_json_compares_the_built_zips(repository: Path, real_package: Package) -> None:
    done = inspect(repository, "--base", "main", "--json")
    compared = json.loads(done.out)
    assert compared["before"]["sha256"] == compared["after"]["sha256"] == real_package.sha256
    assert compared["files"] == []


def test_two_zips_are_compared_in_markdown(real_package: Package) -> None:
    path = str(real_package.path)
    done = run_command("inspect", path, path, "--markdown")
    assert re.fullmatch(TABLE.format(name=real_package.path.name), done.out), done.printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.zip", "--base", "main"], "--base builds both zips: leave out ZIP."),
        (["--json", "--markdown"], "Use either --json or --markdown."),
    ],
)
def test_contradictions_are_refused(arguments: list[str], message: str) -> None:
    refused = run_command("inspect", *arguments)
    assert refused.code == 2
    assert message in refused.err
