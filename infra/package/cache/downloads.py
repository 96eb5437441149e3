"""What containers have downloaded: a package cache of uv's in the checkout.

On the host uv keeps its own cache for all projects, which containers cannot link to.
"""

from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.uv import run_uv, summarise

_LIMIT: Final = 1024**3
"""Bytes; one set of dependencies takes about 80 MB."""


def download_cache(project: Path) -> Path:
    """The folder, there already."""
    folder = _folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def bound_downloads(project: Path, limit: int = _LIMIT) -> None:
    """Empty the cache where it has come to take more than the limit, in bytes.

    Raises:
        PackageError: if it cannot be emptied.
    """
    if _size(_folder(project)) > limit:
        clear_downloads(project)


def clear_downloads(project: Path) -> int:
    """Empty the cache, as soon as no build downloads; return the bytes that freed.

    Raises:
        PackageError: if it cannot be emptied.
    """
    folder = _folder(project)
    before = _size(folder)
    if not before:
        return 0
    # It is uv that knows whether another uv is at work there, and waits.
    result = run_uv("cache", "clean", "--cache-dir", folder)
    if result.returncode:
        raise PackageError(f"{folder} cannot be emptied: {summarise(result.stderr)}")
    return before - _size(folder)


def _folder(project: Path) -> Path:
    return project / ".cache" / "package" / "downloads"


def _size(folder: Path) -> int:
    files = {path.stat().st_ino: path.stat() for path in folder.rglob("*") if path.is_file()}
    return sum(each.st_size for each in files.values())
