"""Check a zip: unpack it, import the handler and call `/health`."""

import subprocess
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.archive import unpack
from infra.package.engine import DEPENDENCIES, Engine, Question
from infra.package.health_probe import HANDLER

_READ_ONLY: Final = 0o555


def check_health(archive: Path, question: Question, engine: Engine) -> None:
    """Call `/health` on the handler of the unpacked zip.

    The interpreter sees the zip's files, read-only as on Lambda, and the environment of the
    question. It does not see installed packages or this process's variables.

    Args:
        archive: the zip.
        question: the call to make. Its folder `task` is created and filled.
        engine: runs the handler.

    Raises:
        PackageError: if the handler does not answer with status 200 and a healthy body.
    """
    _lay_out(question.task, archive, question.dependencies)
    wrong = _ask(question, engine)
    if wrong:
        raise PackageError(f"{HANDLER} does not answer /health: {wrong}{_advise(wrong)}")


def _lay_out(task: Path, archive: Path, dependencies: Path) -> None:
    """Unpack the function's own code and link the rest, relative for use in a container."""
    unpack(archive, task, under="src/")
    task.with_name(DEPENDENCIES).symlink_to(dependencies.resolve())
    for path in dependencies.iterdir():
        (task / path.name).symlink_to(Path("..") / DEPENDENCIES / path.name)
    for path in (*(task / "src").rglob("*/"), task / "src", task):
        path.chmod(_READ_ONLY)


def _ask(question: Question, engine: Engine) -> str | None:
    try:
        result = engine.ask(question)
    except subprocess.TimeoutExpired:
        return f"no answer within {question.timeout:g} s"
    if result.returncode == 0:
        return None
    said = result.stderr.strip().splitlines()
    return said[-1] if said else f"the process ended with exit code {result.returncode}"


def _advise(wrong: str) -> str:
    if wrong.startswith("ModuleNotFoundError") and "'src" not in wrong:
        return ". Add its package to the dependencies in backend/pyproject.toml and run `uv lock`."
    return ""
