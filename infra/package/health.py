"""Whether the handler in a zip answers: it is unpacked, imported and asked for `/health`."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.archive import unpack
from infra.package.health_probe import HANDLER

_PROBE: Final = Path(__file__).with_name("health_probe.py")
_READ_ONLY: Final = 0o555


def check_health(
    archive: Path,
    dependencies: Path,
    environment: Mapping[str, str],
    workspace: Path,
    *,
    timeout: float = 60,
) -> None:
    """Have the handler answer `/health` from the unpacked zip.

    The interpreter sees the zip's files, read-only as on Lambda, and `environment`: no
    installed package, no variable of ours.

    Args:
        archive: the zip.
        dependencies: its dependencies, unpacked already: most of the zip, and rarely new.
        environment: the function's variables.
        workspace: a folder to unpack the rest in.
        timeout: seconds it may take.

    Raises:
        PackageError: if it does not answer.
    """
    task = workspace / "task"
    _lay_out(task, archive, dependencies)
    wrong = _ask(task, environment, timeout)
    if wrong:
        raise PackageError(f"{HANDLER} does not answer /health: {wrong}{_advise(wrong)}")


def _lay_out(task: Path, archive: Path, dependencies: Path) -> None:
    unpack(archive, task, under="src/")
    for path in dependencies.iterdir():
        (task / path.name).symlink_to(path)
    for path in (*(task / "src").rglob("*/"), task / "src", task):
        path.chmod(_READ_ONLY)


def _ask(task: Path, environment: Mapping[str, str], timeout: float) -> str | None:
    try:
        result = subprocess.run(  # noqa: S603 - our own words, no shell
            [sys.executable, "-I", "-S", "-B", _PROBE, task],
            cwd="/",
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it takes more than {timeout:g} s"
    if result.returncode == 0:
        return None
    said = result.stderr.strip().splitlines()
    return said[-1] if said else f"it ends with exit code {result.returncode}"


def _advise(wrong: str) -> str:
    if wrong.startswith("ModuleNotFoundError") and "'src" not in wrong:
        return ". Add its package to the dependencies in backend/pyproject.toml and run `uv lock`."
    return ""
