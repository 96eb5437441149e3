"""`portfolio validate`, on a checkout of its own: all that is wrong at once, and no network."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.paths import ROOT
from tests.checkout import copy_checkout

PASSED = [
    "✓ the settings of dev are good",
    "✓ the settings of local are good",
    "✓ the settings of preview are good",
    "✓ the settings of prod are good",
    "✓ the program of dev registers",
    "✓ the program of local registers",
    "✓ the program of preview registers",
    "✓ the program of prod registers",
    "✓ the stages differ as declared",
    "✓ uv.lock is up to date",
    "✓ backend/openapi.json is up to date",
]
STALE_LOCK = "It is not what a pyproject.toml asks for: run `uv lock` and commit it."
WITHOUT_NETWORK = """
import sys
def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        raise RuntimeError(f"connects to {arguments[1]}")
sys.addaudithook(refuse)
from infra.cli import main
main()
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout")


def validate(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, "validate"],
        cwd=checkout,
        env=os.environ
        | {"PYTHONPATH": f"{checkout}{os.pathsep}{checkout / 'backend'}", "UV_OFFLINE": "1"}
        | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def change(checkout: Path, file: str, before: str, after: str) -> None:
    path = checkout / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after, 1))


def failures(result: subprocess.CompletedProcess[str]) -> list[str]:
    assert result.returncode == 1
    return [line for line in result.stdout.splitlines() if not line.startswith("✓")]


def test_a_good_checkout_passes_with_a_line_for_each_check(checkout: Path) -> None:
    result = validate(checkout)
    assert result.returncode == 0, result.stdout + result.stderr
    *lines, last = result.stdout.splitlines()
    assert lines == PASSED
    assert last.startswith("All 11 checks passed in ")


def test_all_failures_are_told_at_once(checkout: Path) -> None:
    change(checkout, "Pulumi.dev.yaml", "logLevel: DEBUG", "logLevel: debug")
    change(checkout, "Pulumi.prod.yaml", "Days: 90", "Days: 8\n  memmory: 1")
    change(checkout, "pyproject.toml", '"pyyaml>=6.0"', '"pyyaml>=6.0", "attrs"')
    change(checkout, "backend/openapi.json", '"title"', '"Title"')
    result = validate(checkout)
    assert failures(result) == [
        "✗ the settings of dev are good",
        "  The settings of stack dev are wrong:",
        '    logLevel = "debug": must be DEBUG, INFO, WARNING or ERROR: did you mean DEBUG?',
        "✗ the settings of prod are good",
        "  The settings of stack prod are wrong:",
        "    logRetentionDays = 8: must be one of those AWS has: nearest 7 and 14",
        "    memmory is not a setting: did you mean memory?",
        "✗ uv.lock is up to date",
        f"  {STALE_LOCK}",
        "✗ backend/openapi.json is up to date",
        f"  {checkout}/backend/openapi.json is stale: run `make format` and commit it.",
    ]
    assert result.stderr == "error: 4 of 8 checks failed.\n"


def test_a_lock_that_cannot_be_read_fails_with_uvs_reason(checkout: Path) -> None:
    change(checkout, "uv.lock", "version = 1", "version = one")
    assert failures(validate(checkout)) == [
        "✗ uv.lock is up to date",
        "  uv cannot check it: Failed to parse `uv.lock`: TOML parse error at line 1, column 11",
    ]


@pytest.mark.parametrize("requirement", ["attrs", "no-such-package-there>=3"])
def test_a_lock_is_stale_whatever_is_in_uvs_cache(
    checkout: Path, tmp_path: Path, requirement: str
) -> None:
    change(checkout, "pyproject.toml", '"pyyaml>=6.0"', f'"pyyaml>=6.0", "{requirement}"')
    told = failures(validate(checkout, UV_CACHE_DIR=str(tmp_path / "cache")))
    assert told == ["✗ uv.lock is up to date", f"  {STALE_LOCK}"]


def test_stages_that_do_not_differ_as_declared_fail(checkout: Path) -> None:
    change(checkout, "Pulumi.prod.yaml", "  portfolio-api:protect", "  memory: 1769\n  protect")
    change(checkout, "Pulumi.local.yaml", "  portfolio-api:packageEngine: host\n", "")
    assert failures(validate(checkout)) == [
        "✗ the stages differ as declared",
        "  Mend infra/stages/differences.py or the stages:",
        "    memory differs, and is not declared",
        "    lambda.Function function: memorySize differs, and is not declared",
        "    packageEngine is declared, and does not differ",
    ]


def test_a_program_and_an_app_that_do_not_run_fail_with_the_place(checkout: Path) -> None:
    change(checkout, "infra/components/table.py", "name=args.name", "name=args.nome")
    change(checkout, "backend/src/app.py", "def create_app", "def make_app")
    told = failures(validate(checkout))
    assert told[1].startswith(f"  {checkout}/infra/components/table.py:")
    assert told[1].endswith(": AttributeError: 'TableArgs' object has no attribute 'nome'")
    assert told[-2] == "✗ backend/openapi.json is up to date"
    assert told[-1].startswith("  ImportError: cannot import name 'create_app'")


HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
}


@pytest.mark.parametrize(("hook", "file"), [("ruff-check", "a.py"), ("ruff-format", "a.py")])
def test_a_hooks_entry_refuses_what_make_lint_would(hook: str, file: str, tmp_path: Path) -> None:
    bad = tmp_path / file
    bad.write_text("import os\nx = [1,2]\n")
    entry = shlex.split(HOOKS[hook]["entry"])
    run = subprocess.run([*entry, bad], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert str(bad.name) in run.stdout


def pre_commit(checkout: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """The hook `validate` as git runs it, for a commit of these files."""
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    subprocess.run(["git", "add", "-A"], cwd=checkout, check=True)
    return subprocess.run(
        ["pre-commit", "run", "validate", "--color", "never", "--verbose", "--files", *files],
        cwd=checkout,
        env=os.environ
        | {
            "PRE_COMMIT_HOME": str(checkout.parent / "pre-commit"),
            "PYTHONPATH": f"{checkout}{os.pathsep}{checkout / 'backend'}",
            # The environment of this checkout, as it is.
            "UV_PROJECT_ENVIRONMENT": sys.prefix,
            "UV_NO_SYNC": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hook_stops_a_commit_of_bad_settings(checkout: Path) -> None:
    change(checkout, "Pulumi.prod.yaml", "protect: true", "protect: false")
    run = pre_commit(checkout, "Pulumi.prod.yaml")
    assert run.returncode == 1
    assert "protect = false: must be true in production" in run.stdout
    assert "1 of 9 checks failed" in run.stdout


@pytest.mark.parametrize(
    ("file", "checked"),
    [
        *(("Pulumi.yaml", True), ("Pulumi.preview.yaml", True), ("uv.lock", True)),
        *(("pyproject.toml", True), ("backend/pyproject.toml", True), ("infra/cli.py", True)),
        *(("backend/src/app.py", True), ("README.md", False), ("tests/conftest.py", False)),
    ],
)
def test_the_hook_runs_for_what_it_checks(file: str, *, checked: bool) -> None:
    assert bool(re.search(HOOKS["validate"]["files"], file)) == checked
