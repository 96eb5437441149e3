"""`portfolio validate`: all that is wrong at once, and no network."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.contract.routes import check_openapi
from infra.errors import CheckError, ContractError
from infra.paths import PROJECT, ROOT
from infra.settings import load_stage_settings
from portfolio.terminal import Terminal
from portfolio.validation import check_lock, check_program, check_settings, validate
from tests.checkout import copy_checkout

PASSED = [
    "✓ settings of dev",
    "✓ settings of local",
    "✓ settings of preview",
    "✓ settings of prod",
    "✓ program of dev",
    "✓ program of local",
    "✓ program of preview",
    "✓ program of prod",
    "✓ differences between stages",
    "✓ uv.lock",
    "✓ backend/openapi.json",
]
STALE_LOCK = "uv.lock does not match a pyproject.toml: run `bin/uv lock` and commit the file."
WITHOUT_NETWORK = """
import sys
def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        raise RuntimeError(f"connects to {arguments[1]}")
sys.addaudithook(refuse)
from portfolio.cli import main
main()
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing but what is checked, and the program is ours."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "backend", folder / "backend")
    for path in (*ROOT.glob("Pulumi*.yaml"), ROOT / "pyproject.toml", ROOT / "uv.lock"):
        shutil.copy(path, folder)
    return folder


def change(checkout: Path, file: str, before: str, after: str) -> None:
    path = checkout / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after, 1))


def test_a_good_checkout_passes_with_a_line_for_each_check() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, "validate"],
        env=os.environ | {"UV_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    *lines, last = result.stdout.splitlines()
    assert lines == PASSED
    assert last.startswith("All 11 checks passed in ")


def test_all_failures_are_told_at_once(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(checkout, "Pulumi.dev.yaml", "logLevel: DEBUG", "logLevel: debug")
    (checkout / "Pulumi.pr-9.yaml").write_text("encryptionsalt: v1:x\n")
    change(checkout, "Pulumi.prod.yaml", 'Days: "90"', "Days: 8\n  memmory: 1")
    change(checkout, "pyproject.toml", '"pyyaml>=6.0"', '"pyyaml>=6.0", "attrs"')
    change(checkout, "backend/openapi.json", '"title"', '"Title"')
    with pytest.raises(CheckError, match=r"^5 of 12 checks failed, 3 not run\.$"):
        validate(Terminal(), checkout)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.startswith("✓")] == [
        "✗ Pulumi.pr-9.yaml",
        (
            "  all previews share Pulumi.preview.yaml: delete Pulumi.pr-9.yaml. "
            "`bin/portfolio preview up` creates a preview's stack without it."
        ),
        "✗ settings of dev",
        "  The settings of stack dev are wrong:",
        '    logLevel = "debug": must be DEBUG, INFO, WARNING or ERROR: did you mean DEBUG?',
        "✗ settings of prod",
        "  The settings of stack prod are wrong:",
        "    logRetentionDays = 8: must be a value AWS allows: the nearest are 7 and 14",
        "    memmory is not a setting: did you mean memory?",
        "- program of dev: not run",
        "- program of prod: not run",
        "- differences between stages: not run",
        "✗ uv.lock",
        f"  {STALE_LOCK}",
        "✗ backend/openapi.json",
        f"  {checkout}/backend/openapi.json is out of date: run `make format` and commit it.",
    ]


def test_a_lock_that_cannot_be_read_fails_with_uvs_reason(checkout: Path) -> None:
    change(checkout, "uv.lock", "version = 1", "version = one")
    with pytest.raises(CheckError) as failure:
        check_lock(checkout)
    assert str(failure.value) == (
        "uv cannot check uv.lock: Failed to parse `uv.lock`: TOML parse error at line 1, column 11"
    )


@pytest.mark.parametrize("requirement", ["attrs", "no-such-package-there>=3"])
def test_a_lock_is_stale_whatever_is_in_uvs_cache(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, requirement: str
) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    check_lock(checkout)
    change(checkout, "pyproject.toml", '"pyyaml>=6.0"', f'"pyyaml>=6.0", "{requirement}"')
    with pytest.raises(CheckError) as failure:
        check_lock(checkout)
    assert str(failure.value) == STALE_LOCK


def test_production_without_protection_fails(checkout: Path) -> None:
    assert check_settings("prod", checkout).protect
    change(checkout, "Pulumi.prod.yaml", 'protect: "true"', 'protect: "false"')
    with pytest.raises(CheckError, match="protect = false: must be true in production"):
        check_settings("prod", checkout)


def test_two_stages_do_not_adopt_one_user_pool(checkout: Path) -> None:
    pool = "us-east-1_AbCdEf123"
    for stage in ("dev", "prod"):
        change(
            checkout,
            f"Pulumi.{stage}.yaml",
            "config:\n",
            f"config:\n  {PROJECT}:adoptUserPool: {pool}\n",
        )
    dev = check_settings("dev", checkout)
    with pytest.raises(CheckError) as refused:
        check_settings("prod", checkout, {"dev": dev})
    assert str(refused.value) == (
        f"adoptUserPool = {pool}: dev adopts this pool too, and the owners of one stage would be "
        "owners of both: remove it from one of the two files"
    )


def test_a_program_that_does_not_run_fails_with_the_place() -> None:
    without_origins = load_stage_settings("dev").model_copy(update={"cors_origins": None})
    with pytest.raises(CheckError) as failure:
        check_program("dev", without_origins)
    place, _, reason = str(failure.value).partition(": ")
    assert re.fullmatch(rf"{ROOT}/infra/contract/environment\.py:\d+", place)
    assert reason == "TypeError: can only join an iterable"


def test_a_failure_outside_the_program_has_a_place_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(stack: str, _settings: object) -> None:
        raise LookupError(stack)

    monkeypatch.setattr("portfolio.stages.registered_resources.list_resources", fail)
    with pytest.raises(CheckError) as failure:
        check_program("dev", load_stage_settings("dev"))
    place, _, reason = str(failure.value).partition(": ")
    assert re.fullmatch(rf"{ROOT}/portfolio/validation\.py:\d+", place)
    assert reason == "LookupError: dev"


def test_an_app_that_does_not_run_fails_with_the_reason(checkout: Path) -> None:
    change(checkout, "backend/src/app.py", "def create_app", "def make_app")
    with pytest.raises(ContractError) as failure:
        check_openapi(checkout)
    first, reason = str(failure.value).splitlines()
    assert first == "backend/generate_openapi.py failed:"
    assert reason.startswith("  ImportError: cannot import name 'create_app'")


def test_a_new_setting_without_a_made_up_value_is_named(checkout: Path) -> None:
    new = '    page_size: Annotated[int, Field(ge=1)]\n    """Items on a page."""\n\n    log_level'
    change(checkout, "backend/src/config.py", "    log_level", new)
    with pytest.raises(ContractError) as failure:
        check_openapi(checkout)
    script = checkout / "backend" / "generate_openapi.py"
    assert str(failure.value) == f"Fix the settings in {script}: page_size: Field required"


def test_a_model_that_pydantic_refuses_fails_with_its_reason(checkout: Path) -> None:
    change(
        checkout, "backend/src/models/visitor.py", "count: Annotated[int,", "count: Annotated[open,"
    )
    with pytest.raises(ContractError) as failure:
        check_openapi(checkout)
    assert "Unable to generate pydantic-core schema for <built-in function open>" in str(
        failure.value
    )
    assert "For further information" not in str(failure.value)


def test_a_check_that_is_killed_fails_with_its_exit_code(checkout: Path) -> None:
    killed = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    (checkout / "backend" / "generate_openapi.py").write_text(killed)
    with pytest.raises(ContractError, match=r"^exit code -9$"):
        check_openapi(checkout)


HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
}


@pytest.mark.parametrize("hook", ["ruff-check", "ruff-format"])
def test_a_hooks_entry_refuses_what_make_lint_would(hook: str, tmp_path: Path) -> None:
    bad = tmp_path / "a.py"
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


@pytest.mark.real
def test_the_hook_stops_a_commit_after_which_stages_differ_without_a_reason(
    tmp_path: Path,
) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    change(checkout, "Pulumi.prod.yaml", f"  {PROJECT}:protect", "  memory: 1769\n  protect")
    change(checkout, "Pulumi.local.yaml", f"  {PROJECT}:packageEngine: host\n", "")
    run = pre_commit(checkout, "Pulumi.prod.yaml", "Pulumi.local.yaml")
    assert run.returncode == 1
    assert (
        "✗ differences between stages\n"
        "  Fix portfolio/stages/declared_differences.py or the stages:\n"
        "    memory differs but is not declared\n"
        "    lambda.Function function: memorySize differs but is not declared\n"
        "    packageEngine is declared but does not differ\n"
    ) in run.stdout
    assert "1 of 11 checks failed" in run.stdout


@pytest.mark.parametrize(
    ("file", "checked"),
    [
        *(("Pulumi.yaml", True), ("Pulumi.preview.yaml", True), ("uv.lock", True)),
        *(("pyproject.toml", True), ("backend/pyproject.toml", True), ("portfolio/cli.py", True)),
        *(("backend/src/app.py", True), ("README.md", False), ("tests/conftest.py", False)),
    ],
)
def test_the_hook_runs_for_what_it_checks(file: str, *, checked: bool) -> None:
    assert bool(re.search(HOOKS["validate"]["files"], file)) == checked
