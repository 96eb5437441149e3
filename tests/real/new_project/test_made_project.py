"""A project made with `portfolio new`: its checks, its tests and its `make up`."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

import httpx
import pytest

from infra.paths import CACHE, PROJECT
from src import SITE
from tests.commands import Result, start_command
from tests.local.up_process import START_TIMEOUT, make_up

# Written out, the names would be in this file, and be refused.
NAME: Final = "longest" + "-name" * 5
DOMAIN: Final = "a" + "-site" * 2 + ".example.dev"
CHECKS: Final = ("ruff check", "ruff format --check", "lint-imports --no-cache --no-logo")
TESTS: Final = (
    *("tests/settings", "tests/components", "tests/stages", "tests/diagram", "tests/docs"),
    *("tests/bootstrap/test_bootstrap_program.py", "tests/backend/test_openapi_schema.py"),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a project; it shares the slow parts: the emulator and the cache of builds."""
    folder = tmp_path_factory.mktemp("new") / "project"
    author = {
        f"GIT_{who}_{what}": "me@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    made = start_command(
        *("new", str(folder), "--name", NAME, "--domain", DOMAIN), env=os.environ | author
    )
    assert made.code == 0, made.printed
    _check_what_is_told(made, folder)
    (folder / CACHE.name).mkdir()
    for name in ("emulator", "package"):
        (CACHE / name).mkdir(parents=True, exist_ok=True)
        (folder / CACHE.name / name).symlink_to(CACHE / name)
    return folder


def _check_what_is_told(made: Result, folder: Path) -> None:
    assert f"The project {NAME} is ready in {folder}\n" in made.out
    for placeholder in ("111111111111", "222222222222", f"your-account/{NAME}", "Z0000"):
        assert placeholder in made.out


def run(project: Path, *command: str) -> str:
    finished = subprocess.run(
        command, cwd=project, env=_environment(), capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def _environment() -> dict[str, str]:
    # `uv run` of this checkout has set it. The coverage is that of this checkout's own tests.
    others = ("VIRTUAL_ENV", "COVERAGE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(others)}


def test_nothing_has_the_names_of_this_project(project: Path) -> None:
    backend = "portfolio-backend"
    words = [f"-e{name}" for name in (PROJECT, SITE, "patrickcmd", backend)]
    # `make pictures` draws the picture of the status page again.
    others = ("--", ":!tests/real/new_project", ":!docs/pictures/*.png")
    files = run(
        project, "git", "grep", "--ignore-case", "--fixed-strings", "--count", *words, *others
    )
    # Both name the origin.
    assert files.splitlines() == ["CHANGELOG.md:1", "LICENSE:1"]


def test_it_is_one_commit_with_all_files(project: Path) -> None:
    assert run(project, "git", "log", "--format=%s").splitlines() == [f"chore: start {NAME}"]
    assert run(project, "git", "status", "--porcelain") == ""


def test_its_checks_and_tests_pass(project: Path) -> None:
    for check in CHECKS:
        run(project, "uv", "run", "--locked", *check.split())
    printed = run(project, "make", "test", f"ARGS={' '.join(TESTS)}")
    assert re.search(r"\b\d{3,} passed in ", printed)


def test_make_up_answers_with_its_name(project: Path) -> None:
    with make_up(project, _environment()) as started:
        started.wait_for(rf"(?s)deployed as local-{NAME} .*The API is ready")
        answer = httpx.get(f"{started.url}/", timeout=START_TIMEOUT).json()
    assert answer["message"] == NAME.replace("-", " ").capitalize()
