"""`make` on a machine that lacks something: one clear line, and nothing half done."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from infra.paths import ROOT
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


def test_up_hands_on_its_variables() -> None:
    origins = "ORIGIN=https://one.example https://two.example"
    run = subprocess.run(
        ["make", "--dry-run", "up", "PORT=8123", origins, "KEEP=yes", "EMPTY=yes"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    words = shlex.split(run.stdout.splitlines()[-1])
    options = words[words.index("up") + 1 : words.index("||")]
    added = ["--origin", "https://one.example", "--origin", "https://two.example"]
    assert options == ["--port", "8123", "--keep", "--empty", *added]


@pytest.mark.parametrize("target", ["up", "test"])
def test_where_uv_cannot_be_brought_it_says_so(checkout: Path, programs: Path, target: str) -> None:
    run = make(checkout, programs, target)
    assert run.returncode != 0
    begin, error = run.stderr.splitlines()
    assert begin == "· uv: installing into .cache/uv"
    assert error.startswith("error: uv is missing, and pip could not install it: install it")
    assert not (checkout / ".cache" / "uv").exists()


@pytest.mark.parametrize("target", ["up", "test"])
def test_where_there_is_no_python_it_says_which_and_how(
    checkout: Path, programs: Path, target: str
) -> None:
    (programs / "uv").symlink_to(find_uv_bin())
    run = make(checkout, programs, target)
    assert run.returncode != 0
    begin, error = run.stderr.splitlines()
    assert begin == "· Python 3.12: downloading"
    assert error.startswith("error: Python 3.12 is missing, and uv could not download it")


@pytest.mark.parametrize(
    ("target", "variable"), [("up", "PORT=x"), ("package", "ARGS=--engine=x")], ids=str
)
def test_make_adds_no_line_to_the_error_of_a_command(target: str, variable: str) -> None:
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    make_it = ["make", "--no-print-directory", target, variable, "PORTFOLIO=portfolio"]
    for shell in (["sh", "-c"], ["bash", "-c"]):
        run = subprocess.run(
            [*shell, f"{shlex.join(make_it)}; echo $?"],
            cwd=ROOT,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout == "141\n"
        assert run.stderr.startswith("error: --")
        assert run.stderr.count("\n") == 1


def test_make_fails_where_the_signal_is_ignored() -> None:
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    run = subprocess.run(
        ["sh", "-c", "trap '' PIPE; exec make up PORT=x PORTFOLIO=portfolio"],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("error: --port: x is not a whole number")


def test_the_wrapper_works_in_any_folder_and_hands_on_arguments(tmp_path: Path) -> None:
    """A uv that prints its arguments stands for the one on PATH."""
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", checkout / "bin")
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\n[ "$1" = version ] || printf "%s\\n" "$@"\n')
    uv.chmod(0o755)
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    run = subprocess.run(
        [checkout / "bin" / "portfolio", "logs", "--search", "two words"],
        cwd=tmp_path,
        env={"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])},
        capture_output=True,
        text=True,
        check=True,
    )
    shared = ["run", "--project", str(checkout), "--locked", "--no-dev"]
    assert run.stdout.splitlines() == [*shared, "portfolio", "logs", "--search", "two words"]


def test_uv_on_path_may_be_the_wrapper_itself(checkout: Path, programs: Path) -> None:
    path = os.pathsep.join([str(checkout / "bin"), str(programs)])
    run = subprocess.run(
        ["uv", "--version"],
        cwd=checkout,
        env={"PATH": path, "HOME": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert run.returncode == 1
    assert "error: uv is missing" in run.stderr


def test_format_does_all_its_work_before_it_fails_for_a_rule(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    schema, module = checkout / "backend" / "openapi.json", checkout / "infra" / "unfixable.py"
    generated = schema.read_text()
    schema.write_text("{}")
    module.write_text('"""Numbers."""\n\nimport os\nNUMBERS = [missing,2]\n')
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    run = subprocess.run(
        ["make", "--no-print-directory", "format", "RUN=env"],
        cwd=checkout,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "F821 Undefined name `missing`" in run.stdout
    assert module.read_text() == '"""Numbers."""\n\nNUMBERS = [missing, 2]\n'
    assert schema.read_text() == generated


def test_where_npm_has_no_packages_client_says_so_and_can_be_repeated(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    path = os.pathsep.join([f"{sys.prefix}/bin", os.environ["PATH"]])
    offline = {"npm_config_offline": "true", "npm_config_cache": str(tmp_path / "npm")}
    for _ in range(2):
        run = subprocess.run(
            ["make", "--no-print-directory", "client", "RUN=env"],
            cwd=checkout,
            env=os.environ | offline | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode != 0
        assert "error: npm could not install the packages of client/package.json: " in run.stderr
    assert not (checkout / "client/generated").exists()
