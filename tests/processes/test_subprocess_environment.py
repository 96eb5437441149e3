"""Programs that we start inherit neither the variables of git's hooks nor Python's own."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from infra.paths import BACKEND, ROOT
from infra.processes.environment import GIT_VARIABLES, inherited_environment

UNDER_A_HOOK: Final = os.environ | {
    **dict.fromkeys(GIT_VARIABLES, "/made-up"),
    "PYTHONPATH": f"{ROOT}{os.pathsep}{BACKEND}",
}
PRINT_ENVIRONMENT: Final = "import os; print(*os.environ, sep='\\n')"
RUN_ENTRY_POINT: Final = f"""
import runpy, sys
sys.argv.pop(0)
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    {PRINT_ENVIRONMENT}
"""
STARTERS: Final = {"Popen", "call", "check_call", "check_output", "run"}


def test_git_lists_no_variable_that_we_do_not_drop() -> None:
    listed = subprocess.run(
        ["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True
    )
    assert set(listed.stdout.split()) <= set(GIT_VARIABLES)


def test_a_subprocess_inherits_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = dict(os.environ)
    for name in GIT_VARIABLES:
        monkeypatch.setenv(name, "/made-up")
    assert inherited_environment() == expected


def test_a_subprocess_inherits_none_of_python_that_changes_a_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python lists its own in its help; a new version may have more."""
    listed = subprocess.run(
        [sys.executable, "--help-env"], capture_output=True, text=True, check=True
    )
    names = set(re.findall(r"^(PYTHON[A-Z0-9]+)", listed.stdout, re.MULTILINE))
    assert {"PYTHONHOME", "PYTHONOPTIMIZE", "PYTHONWARNINGS"} < names
    for name in (*names, "PYTHON_KEYRING_BACKEND"):
        monkeypatch.setenv(name, "made-up")
    kept = {name for name in inherited_environment() if name.startswith("PYTHON")}
    harmless = {"PYTHONFAULTHANDLER", "PYTHONPATH", "PYTHONUNBUFFERED"}
    assert kept == harmless | {"PYTHON_KEYRING_BACKEND"}


@pytest.mark.parametrize(
    "entry_point",
    ["infra", "infra/bootstrap", "portfolio", "tests/bench", "tests/conftest.py"],
)
def test_an_entry_point_drops_them_before_it_does_anything_else(entry_point: str) -> None:
    # Without settings or arguments, each but the last fails at once.
    done = subprocess.run(
        [sys.executable, "-c", RUN_ENTRY_POINT, ROOT / entry_point, "made-up"],
        env=UNDER_A_HOOK,
        capture_output=True,
        text=True,
        check=False,
    )
    names = set(done.stdout.splitlines())
    assert "PYTHONPATH" in names, done.stderr
    assert not names & set(GIT_VARIABLES)


def test_make_drops_them(tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text(
        f'include {ROOT}/Makefile\nvariables:\n\t@"{sys.executable}" -c "$$PRINT"\n'
    )
    done = subprocess.run(
        ["make", "--no-print-directory", "--file", makefile, "variables"],
        cwd=ROOT,
        env=UNDER_A_HOOK | {"PRINT": PRINT_ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    names = set(done.stdout.splitlines())
    assert "PYTHONPATH" in names
    assert not names & set(GIT_VARIABLES)


def test_pulumis_sdk_starts_the_engine_without_them(tmp_path: Path) -> None:
    found = tmp_path / "environment"
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\nenv > {found}\nexit 1\n")
    pulumi.chmod(0o755)
    subprocess.run(
        [sys.executable, "-m", "portfolio", "preview", "list"],
        env=UNDER_A_HOOK | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    names = {line.partition("=")[0] for line in found.read_text().splitlines()}
    assert "PYTHONPATH" in names
    assert not names & set(GIT_VARIABLES)


def test_a_warning_of_a_library_does_not_end_a_command() -> None:
    program = (
        "import warnings; from infra.processes.environment import clean_environment;"
        "clean_environment(); warnings.warn('old', DeprecationWarning); print('done')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=UNDER_A_HOOK | {"PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("done\n", "")


def leaks(source: str) -> Iterator[int]:
    """Lines at which a module starts a program with its own environment as it is."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="subprocess"):
                # The next case would not see what is imported this way.
                yield node.lineno
            case ast.Call(func=ast.Attribute(ast.Name("subprocess"), name)) if name in STARTERS:
                if "env" not in {keyword.arg for keyword in node.keywords}:
                    yield node.lineno
            case ast.Attribute(ast.Name("os"), "environ"):
                # Single variables may be read, not all of them.
                if not isinstance(parents[node], ast.Subscript | ast.Compare):
                    yield node.lineno
            case _:
                pass


@pytest.mark.parametrize(
    "source",
    [
        "subprocess.run(['git'], check=True)",
        "subprocess.Popen(['git'])",
        "subprocess.run(['git'], env=os.environ | {'A': 'b'})",
        "subprocess.run(['git'], env={**os.environ})",
        "from subprocess import run",
    ],
)
def test_a_leak_would_be_found(source: str) -> None:
    assert list(leaks(source))


STARTS_PROGRAMS: Final = re.compile(r"import subprocess|from subprocess")
MODULES: Final = [
    path
    for folder in ("infra", "portfolio")
    for path in sorted((ROOT / folder).rglob("*.py"))
    # The emulator's processes have none of the user's variables.
    if path.parent.name != "worker" and STARTS_PROGRAMS.search(path.read_text())
]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_starts_programs_in_a_clean_environment(module: Path) -> None:
    assert list(leaks(module.read_text())) == []


def test_the_modules_that_start_programs_are_known() -> None:
    known = {str(path.relative_to(ROOT)) for path in MODULES}
    starters = {"infra/package/uv.py", "portfolio/engine/pulumi_cli.py"}
    assert known >= starters | {"portfolio/inspection/base_zip.py"}
