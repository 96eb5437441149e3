"""The order of making a new project: check, copy, generate, commit."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from infra.errors import CommandLineError, GitError, NewProjectError
from infra.package.uv import run_uv, summarise
from infra.paths import PROJECT, ROOT
from infra.processes.environment import inherited_environment
from infra.processes.git import run_git
from infra.processes.leftovers import temporary_folder
from portfolio.new_project.changes import Changes
from portfolio.new_project.names import ProjectNames
from portfolio.terminal import Terminal
from src import SITE

_PAGE: Final = "docs/new-project.md"
"""The page about the command; a reader may take the names of its examples."""

_GENERATED: Final = {
    "backend/openapi.json": ("backend/generate_openapi.py",),
    "docs/architecture.svg": ("-m", "portfolio", "diagram", "--output", "docs/architecture.svg"),
}
"""The generated files, with the arguments of Python that write them."""


def create_project(folder: Path, names: ProjectNames, terminal: Terminal, *, commit: bool) -> None:
    """Make a project in a new folder. After an error, the folder is as before.

    Args:
        folder: the new folder; it may exist if it is empty.
        names: the project's names.
        terminal: prints the progress.
        commit: True to create a git repository with a first commit.

    Raises:
        CommandLineError: if a name has another meaning in the files.
        NewProjectError: if the folder cannot be used, or a step fails.
        ToolMissingError: if git is not on PATH.
    """
    _check_folder(folder)
    if commit:
        _check_author()
    try:
        with temporary_folder(f".{folder.name}-", folder.parent) as temporary:
            project = temporary / folder.name
            project.mkdir()
            _fill(project, names, terminal)
            if commit:
                _commit(project, names)
                terminal.step("git: first commit")
            project.replace(folder)
    except OSError as error:
        raise NewProjectError(
            f"{error.filename or folder} cannot be written: {error.strerror}. Choose another one."
        ) from error
    _tell(folder, names, terminal)


def _tell(folder: Path, names: ProjectNames, terminal: Terminal) -> None:
    """Print the next steps."""
    terminal.say(f"The project {names.name} is ready in {folder}")
    terminal.say()
    terminal.say("Next:")
    for line in (f"cd {shlex.quote(str(folder))}", "make up", "make test"):
        terminal.say(f"  {line}")
    terminal.say()
    terminal.say("Set before the first deployment (docs/deploying.md):")
    for line in names.placeholders():
        terminal.say(f"  {line}")


def _check_folder(folder: Path) -> None:
    if folder.is_relative_to(ROOT):
        raise NewProjectError(f"{folder} is inside this checkout: choose a folder outside it.")
    if not folder.parent.is_dir():
        raise NewProjectError(f"{folder.parent} is not a folder: create it first.")
    if folder.is_dir() and any(folder.iterdir()):
        raise NewProjectError(f"{folder} is not empty: choose a new folder.")
    if folder.exists() and not folder.is_dir():
        raise NewProjectError(f"{folder} is a file: choose a new folder.")


def _check_author() -> None:
    try:
        run_git(ROOT, "var", "GIT_COMMITTER_IDENT")
    except GitError:
        raise NewProjectError(
            "git does not know your name and e-mail. Set them with git config --global user.name "
            "and user.email, or use --no-commit."
        ) from None


def _fill(project: Path, names: ProjectNames, terminal: Terminal) -> None:
    """Write all files of the project."""
    tracked = [name for name in run_git(ROOT, "ls-files", "-z").split("\0") if name]
    files = {name: (ROOT / name).read_bytes() for name in tracked if (ROOT / name).is_file()}
    _check_unused(names.name, PROJECT, files)
    _check_unused(names.domain, SITE, files)
    changes = Changes(names, run_git(ROOT, "describe", "--always", "--dirty").strip())
    for name, content in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(changes.apply(name, content))
        shutil.copymode(ROOT / name, project / name)
    terminal.step(f"files: {len(files)} copied")
    checked = run_uv("lock", "--check", "--offline", project=project)
    if checked.returncode:
        raise NewProjectError(f"uv.lock of the copy is not valid: {summarise(checked.stderr)}")
    for file, command in _GENERATED.items():
        _run_python(project, file, command)
        terminal.step(f"{file}: generated")


def _check_unused(new: str, old: str, files: Mapping[str, bytes]) -> None:
    """Refuse a name with another meaning in these files, such as a dependency or example.com."""
    pattern = re.compile(rb"(?<![\w.-])%s(?![\w-])" % re.escape(new).encode())
    used = [file for file, content in files.items() if file != _PAGE and pattern.search(content)]
    if used and new != old:
        raise CommandLineError(f"{new} has another meaning in {used[0]}: choose another name.")


def _run_python(project: Path, file: str, command: tuple[str, ...]) -> None:
    """Run Python in the new project, with its code and the libraries of this checkout."""
    finished = subprocess.run(  # noqa: S603 - a fixed command line, without a shell
        [sys.executable, *command],
        cwd=project,
        env=inherited_environment()
        | {
            "PYTHONPATH": f"{project}{os.pathsep}{project / 'backend'}",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if finished.returncode:
        reason = (finished.stderr.strip().splitlines() or ["no message"])[-1]
        raise NewProjectError(f"{file} cannot be generated: {reason.removeprefix('error: ')}")


def _commit(project: Path, names: ProjectNames) -> None:
    run_git(project, "init", "--quiet", "--initial-branch", "main")
    run_git(project, "add", "--all")
    run_git(project, "commit", "--quiet", "--message", f"chore: start {names.name}")
