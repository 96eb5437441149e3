"""The commit that a preview's zip is compared with, and the zip that this commit builds."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.errors import PackageError, ToolMissingError
from portfolio.inspection.base_zip import Base, built_base, choose_base

type Commit = Callable[[str], None]

TELLS = 'print(\'{"path": "/made-up/portfolio-api.zip"}\')'
"""What `portfolio package --json` of the commit prints."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the branch main, whose commit has a command of its own."""
    folder = tmp_path / "repository"
    (folder / "infra").mkdir(parents=True)
    (folder / "infra" / "__init__.py").touch()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, TELLS)
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    finished = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return finished.stdout


def commit(folder: Path, command: str) -> None:
    (folder / "infra" / "cli.py").write_text(command)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "base")


def test_by_default_it_is_main_of_origin_else_main(repository: Path) -> None:
    assert choose_base(None, project=repository) == Base("main")
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert choose_base(None, project=repository) == Base("origin/main")


def test_where_git_knows_no_main_nothing_is_compared(repository: Path) -> None:
    git(repository, "branch", "-m", "topic")
    assert choose_base(None, project=repository) == Base(
        None, "git knows neither origin/main nor main here"
    )


def test_a_commit_may_be_named_or_none(repository: Path) -> None:
    assert choose_base("HEAD", project=repository) == Base("HEAD")
    assert choose_base("none", project=repository) == Base(None)
    with pytest.raises(PackageError, match="--base no-such-commit is no commit here: name one, "):
        choose_base("no-such-commit", project=repository)


def test_without_git_a_commit_is_refused_and_main_is_left_out(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert choose_base(None, project=repository) == Base(None, "git is not on PATH")
    with pytest.raises(ToolMissingError, match=r"install it, or leave the .* \(--base none\)"):
        choose_base("HEAD", project=repository)


def test_the_commit_builds_its_zip_itself_and_leaves_no_worktree(repository: Path) -> None:
    with built_base("main", project=repository) as path:
        assert path == Path("/made-up/portfolio-api.zip")
        assert len(git(repository, "worktree", "list").splitlines()) == 2
    assert len(git(repository, "worktree", "list").splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("import sys; sys.exit('building\\nerror: uv.lock is too old')", "uv.lock is too old"),
        ("import sys; sys.exit(3)", "it does not say why"),
        ("print('built')", "it does not tell where its zip is"),
    ],
)
def test_a_commit_that_cannot_build_its_zip_says_why(
    repository: Path, command: str, reason: str
) -> None:
    commit(repository, command)
    with (
        pytest.raises(PackageError, match=f"^{reason}$"),
        built_base("main", project=repository),
    ):
        pass
    assert len(git(repository, "worktree", "list").splitlines()) == 1


def test_a_commit_that_is_not_there_says_so(repository: Path) -> None:
    with (
        pytest.raises(PackageError, match=r"^git worktree: fatal: .*invalid"),
        built_base("0" * 40, project=repository),
    ):
        pass
