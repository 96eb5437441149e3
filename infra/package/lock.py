"""The backend's dependencies as `uv.lock` pins them, never as a fresh resolve would."""

from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.uv import run_uv, summarise

_MEMBER: Final = "portfolio-backend"
_STALE: Final = ("needs to be updated", "Unable to find lockfile")


def export_requirements(project: Path) -> str:
    """The backend's locked dependencies, with hashes, as a requirements file.

    uv holds the lock against every `pyproject.toml` of the workspace on the way, which
    takes it 20 ms: remembering that it did so would cost more than it saves.

    Raises:
        PackageError: if `uv.lock` is missing, broken or out of date.
    """
    result = run_uv(
        *("export", "--quiet", "--locked", "--package", _MEMBER),
        *("--no-dev", "--no-emit-workspace", "--no-header", "--no-annotate"),
        project=project,
    )
    if result.returncode == 0:
        return result.stdout
    if any(words in result.stderr for words in _STALE):
        raise PackageError(
            f"{project / 'uv.lock'} is out of date: pyproject.toml or backend/pyproject.toml "
            "asks for something else. Run `uv lock`."
        )
    raise PackageError(f"{project / 'uv.lock'} cannot be used: {summarise(result.stderr)}")
