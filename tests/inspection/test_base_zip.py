"""The zip of another commit, built by that commit."""

import signal
import subprocess
from pathlib import Path

import pytest

from infra.errors import PackageError, ToolMissingError
from infra.paths import PROJECT
from portfolio.inspection.base_zip import built_base
from tests.processes.test_interruption import end, running, wait_for

PRINTS_A_PATH = f'print(\'{{"path": "/made-up/{PROJECT}.zip"}}\')'
"""Stand-in for `portfolio package --json`."""

BUILDS_THE_BASE = """
import os
from pathlib import Path
from infra.processes.interruption import ending_on_signals
from infra.processes.supervision import run_supervised
from portfolio.inspection.base_zip import built_base
os.environ["PORTFOLIO"] = str(os.getpid())
def build():
  with ending_on_signals(), built_base("main", "dev", project=Path(os.environ["REPOSITORY"])): pass
run_supervised(build)
"""

PRINTS_ITS_ARGUMENTS = "import json, sys; print(json.dumps({'path': ' '.join(sys.argv[1:])}))"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository without a commit."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    finished = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return finished.stdout


def commit(folder: Path, program: str, file: str = "portfolio/__main__.py") -> None:
    """Commit a stand-in for the commands, in its package."""
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(program)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "base")


def worktrees(folder: Path) -> int:
    return len(git(folder, "worktree", "list").splitlines())


@pytest.mark.parametrize("file", ["portfolio/__main__.py", "infra/cli.py"])
def test_the_commit_builds_its_zip_itself_and_leaves_no_worktree(
    repository: Path, file: str
) -> None:
    commit(repository, PRINTS_A_PATH, file)
    with built_base("main", "dev", project=repository) as path:
        assert path == Path(f"/made-up/{PROJECT}.zip")
        assert worktrees(repository) == 2
    assert worktrees(repository) == 1


def test_the_commit_builds_for_the_stage(repository: Path) -> None:
    commit(repository, PRINTS_ITS_ARGUMENTS)
    with built_base("main", "prod", project=repository) as path:
        assert str(path) == "package --stage prod --json"


@pytest.mark.parametrize("file", ["README.md", "infra/program.py", "portfolio/cli.py"])
def test_a_commit_without_commands_is_refused(repository: Path, file: str) -> None:
    commit(repository, PRINTS_A_PATH, file)
    with (
        pytest.raises(PackageError, match=r"^main has neither portfolio/ nor infra/cli\.py, so "),
        built_base("main", "dev", project=repository),
    ):
        pass
    assert worktrees(repository) == 1


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit('building\\nerror: uv.lock is too old')", "uv.lock is too old"),
        ("import sys; sys.exit(3)", "exit code 3, without a message"),
        ("print('built')", "its `portfolio package --json` does not print a path"),
    ],
)
def test_a_commit_that_cannot_build_its_zip_gives_the_reason(
    repository: Path, program: str, reason: str
) -> None:
    commit(repository, program)
    with (
        pytest.raises(PackageError, match=f"^{reason}$"),
        built_base("main", "dev", project=repository),
    ):
        pass
    assert worktrees(repository) == 1


@pytest.mark.parametrize("name", ["no-such-commit", "0" * 40, "--all"])
def test_a_missing_commit_is_refused(repository: Path, name: str) -> None:
    commit(repository, PRINTS_A_PATH)
    with (
        pytest.raises(PackageError, match=f"^{name} is not a commit in this checkout. Fetch it"),
        built_base(name, "dev", project=repository),
    ):
        pass


def test_without_git_the_message_names_the_other_way(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(ToolMissingError, match=r"Install it, or .* portfolio inspect BEFORE AFTER"),
        built_base("HEAD", "dev", project=repository),
    ):
        pass


def test_a_signal_while_git_makes_the_worktree_leaves_none(
    repository: Path, tmp_path: Path
) -> None:
    commit(repository, PRINTS_A_PATH)
    temporary, hook = tmp_path / "temporary", repository / ".git/hooks/post-checkout"
    temporary.mkdir()
    hook.parent.mkdir(exist_ok=True)
    # The worktree is there. git waits for its hook.
    hook.write_text("#!/bin/sh\necho waiting >/proc/$PORTFOLIO/fd/1\nexec sleep 20\n")
    hook.chmod(0o755)
    variables = (f"TMPDIR={temporary}", f"REPOSITORY={repository}")
    with running(BUILDS_THE_BASE, "env", *variables) as process:
        wait_for(process, "waiting")
        assert worktrees(repository) == 2
        process.send_signal(signal.SIGTERM)
        assert end(process) == (143, ["Interrupted by SIGTERM."])
    assert worktrees(repository) == 1
    assert not list(temporary.iterdir())
