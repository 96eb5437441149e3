"""Our code and our tests under real git hooks, which must leave the hook's repository alone."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.checkout import copy_checkout

BASE_BUILD: Final = """
import json, pathlib, subprocess
log = subprocess.run(["git", "log", "-1", "--format=%s"], capture_output=True, text=True)
package = pathlib.Path("package.zip").resolve()
package.write_text(f"built from {log.stdout}")
print(json.dumps({"path": str(package)}))
"""
"""`portfolio/cli.py` of the branch `main`: its build is quick."""

COMPARE_WITH_MAIN: Final = """
from portfolio.inspection.base_zip import built_base
with built_base("main", "preview") as package:
    print(package.read_text())
"""
RUN_A_TEST: Final = f"""
import sys, pytest
test = "tests/processes/{Path(__file__).name}::test_a_repository_of_a_test"
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", test]))
"""
HOOKS: Final = {
    "product": (COMPARE_WITH_MAIN, "built from main"),
    "tests": (RUN_A_TEST, "1 passed"),
}
"""Programs for a hook to run, with a line that they print in the end."""

IDENTITY: Final = {
    f"GIT_{role}_{part}": "test@example.com"
    for role in ("AUTHOR", "COMMITTER")
    for part in ("NAME", "EMAIL")
}


def run_git(*arguments: str | Path) -> str:
    """Output of a git command and its hooks, without the developer's own settings."""
    done = subprocess.run(
        ["git", *arguments],
        env=os.environ | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_a_repository_of_a_test(tmp_path: Path) -> None:
    """Runs in a hook as well: see `RUN_A_TEST`."""
    (tmp_path / "a").write_text("a")
    run_git("-C", tmp_path, "init", "--quiet", "--initial-branch", "test")
    commit_all(tmp_path, "of a test")
    assert (tmp_path / ".git").is_dir()
    assert run_git("-C", tmp_path, "log", "--format=%D %s") == "HEAD -> test of a test\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A developer's repository: this checkout on the branch `topic`, over a quick `main`."""
    folder = tmp_path / "repository"
    (folder / "infra").mkdir(parents=True)
    (folder / "infra" / "__init__.py").touch()
    (folder / "infra" / "cli.py").write_text(BASE_BUILD)
    run_git("init", "--quiet", "--initial-branch", "main", folder)
    commit_all(folder, "main")
    run_git("-C", folder, "checkout", "--quiet", "-b", "topic")
    commit_all(copy_checkout(folder), "topic")
    return folder


def commit_all(folder: Path, message: str) -> None:
    run_git("-C", folder, "add", "--all")
    run_git("-C", folder, "commit", "--quiet", "--message", message)


def install_hook(repository: Path, name: str, program: str) -> None:
    """Run a program in the checkout that is committed or pushed."""
    script = repository.parent / f"{name}.py"
    script.write_text(program)
    hook = repository / ".git" / "hooks" / name
    hook.write_text(
        "#!/bin/sh\nexport PYTHONPATH=$PWD:$PWD/backend PYTHONDONTWRITEBYTECODE=1\n"
        f'exec "{sys.executable}" "{script}"\n'
    )
    hook.chmod(0o755)


def state(checkout: Path) -> dict[str, str]:
    """Snapshot that a command on another repository must not change."""
    return {
        "branches": run_git("-C", checkout, "for-each-ref"),
        "worktrees": run_git("-C", checkout, "worktree", "list", "--porcelain"),
        "changes": run_git("-C", checkout, "status", "--porcelain"),
        "index": run_git("-C", checkout, "ls-files", "--stage"),
        "config": run_git("-C", checkout, "config", "--local", "--list"),
    }


@pytest.mark.parametrize("runs", HOOKS)
def test_a_push_from_a_linked_worktree_changes_nothing_here(
    repository: Path, tmp_path: Path, runs: str
) -> None:
    program, printed = HOOKS[runs]
    install_hook(repository, "pre-push", program)
    checkout, remote = tmp_path / "linked", tmp_path / "remote"
    run_git("-C", repository, "worktree", "add", "--quiet", "-b", "linked", checkout)
    run_git("init", "--quiet", "--bare", remote)
    before = state(checkout), state(repository)
    assert printed in run_git("-C", checkout, "push", remote, "linked")
    assert (state(checkout), state(repository)) == before


@pytest.mark.parametrize("runs", HOOKS)
def test_a_commit_holds_what_was_changed_and_nothing_else(repository: Path, runs: str) -> None:
    program, printed = HOOKS[runs]
    install_hook(repository, "pre-commit", program)
    (repository / "README.md").write_text("changed")
    before = state(repository)
    told = run_git("-C", repository, "commit", "--all", "--message", "a change")
    assert printed in told
    after = state(repository)
    assert run_git("-C", repository, "log", "--format=%s", "main..") == "a change\ntopic\n"
    assert run_git("-C", repository, "diff", "--name-only", "HEAD~1") == "README.md\n"
    assert (after["changes"], after["config"]) == ("", before["config"])
