"""Export the backend's dependencies pinned in `uv.lock`; they are never resolved again."""

from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.uv import run_uv, summarise

BACKEND_PROJECT: Final = "portfolio-backend"
"""The distribution of the backend, a member of the workspace."""

_DOCS: Final = "docs"
"""The backend's extra with the files of the documentation pages."""

_STALE: Final = ("needs to be updated", "Unable to find lockfile")


def export_requirements(project: Path, *, docs: bool = False) -> str:
    """Return the backend's locked dependencies, with hashes, as a requirements file.

    uv also compares the lock with each `pyproject.toml` of the workspace. This takes 20 ms, so
    the result is not cached.

    Args:
        project: the checkout.
        docs: True to include the files of the documentation pages.

    Raises:
        PackageError: if `uv.lock` is missing, broken or out of date.
    """
    result = run_uv(
        *("export", "--quiet", "--locked", "--package", BACKEND_PROJECT),
        *("--no-dev", "--no-emit-workspace", "--no-header", "--no-annotate"),
        *(("--extra", _DOCS) if docs else ()),
        project=project,
    )
    if result.returncode == 0:
        return result.stdout
    if any(words in result.stderr for words in _STALE):
        raise PackageError(
            f"{project / 'uv.lock'} is missing, or out of date with pyproject.toml or "
            "backend/pyproject.toml. Run `bin/uv lock`."
        )
    raise PackageError(f"uv cannot read {project / 'uv.lock'}: {summarise(result.stderr)}")
