"""Whether the handler in a zip answers: it is unpacked, imported and asked for `/health`."""

import subprocess
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.archive import unpack
from infra.package.engine import DEPENDENCIES, Engine, Question
from infra.package.health_probe import HANDLER

_READ_ONLY: Final = 0o555


def check_health(archive: Path, question: Question, engine: Engine) -> None:
    """Have the handler answer `/health` from the unpacked zip.

    The interpreter sees the zip's files, read-only as on Lambda, and the question's
    environment: no installed package, no variable of ours.

    Args:
        archive: the zip.
        question: how to ask; its `task` is made and filled.
        engine: where to ask.

    Raises:
        PackageError: if it does not answer.
    """
    _lay_out(question.task, archive, question.dependencies)
    wrong = _ask(question, engine)
    if wrong:
        raise PackageError(f"{HANDLER} does not answer /health: {wrong}{_advise(wrong)}")


def _lay_out(task: Path, archive: Path, dependencies: Path) -> None:
    """Unpack our own code; the links to the rest hold wherever the two folders are mounted."""
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
        return f"it takes more than {question.timeout:g} s"
    if result.returncode == 0:
        return None
    said = result.stderr.strip().splitlines()
    return said[-1] if said else f"it ends with exit code {result.returncode}"


def _advise(wrong: str) -> str:
    if wrong.startswith("ModuleNotFoundError") and "'src" not in wrong:
        return ". Add its package to the dependencies in backend/pyproject.toml and run `uv lock`."
    return ""
