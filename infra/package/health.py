"""Check a zip: unpack it, import the handler and call `/health`."""

import subprocess
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.archive import unpack
from infra.package.engine import DEPENDENCIES, Engine, HealthRequest
from infra.package.health_probe import HANDLER

_READ_ONLY: Final = 0o555


def check_health(archive: Path, request: HealthRequest, engine: Engine) -> None:
    """Call `/health` on the handler of the unpacked zip.

    The interpreter sees the zip's files, read-only as on Lambda, and the environment of the
    request. It does not see installed packages or this process's variables.

    Args:
        archive: the zip.
        request: the call to make. Its folder `task` is created and filled.
        engine: runs the handler.

    Raises:
        PackageError: if the handler does not answer with status 200 and a healthy body.
    """
    _lay_out(request.task, archive, request.dependencies)
    problem = _find_problem(request, engine)
    if problem:
        raise PackageError(f"{HANDLER} fails the /health check: {problem}{_advise(problem)}")


def _lay_out(task: Path, archive: Path, dependencies: Path) -> None:
    """Unpack the function's own code and link the rest, relative for use in a container."""
    unpack(archive, task, under="src/")
    task.with_name(DEPENDENCIES).symlink_to(dependencies.resolve())
    for path in dependencies.iterdir():
        (task / path.name).symlink_to(Path("..") / DEPENDENCIES / path.name)
    for path in (*(task / "src").rglob("*/"), task / "src", task):
        path.chmod(_READ_ONLY)


def _find_problem(request: HealthRequest, engine: Engine) -> str | None:
    try:
        result = engine.call_health(request)
    except subprocess.TimeoutExpired:
        return f"no answer within {request.timeout:g} s"
    if result.returncode == 0:
        return None
    said = result.stderr.strip().splitlines()
    return said[-1] if said else f"the process ended with exit code {result.returncode}"


def _advise(problem: str) -> str:
    if problem.startswith("ModuleNotFoundError") and "'src" not in problem:
        return (
            ". Add its package to the dependencies in backend/pyproject.toml and run `bin/uv lock`."
        )
    return ""
