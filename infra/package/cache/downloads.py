"""The containers' downloads: a cache of uv in the checkout.

The host engine uses uv's normal cache of all projects. Containers cannot link to that one.
"""

from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.uv import run_uv, summarise

_LIMIT: Final = 1024**3
"""Size limit in bytes. One set of dependencies takes about 80 MB."""


def download_cache(project: Path) -> Path:
    """Return the folder of the cache; create it if it is missing."""
    folder = _folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def bound_downloads(project: Path, limit: int = _LIMIT) -> None:
    """Empty the cache if it is larger than the limit, in bytes.

    Raises:
        PackageError: if it cannot be emptied.
    """
    if _size(_folder(project)) > limit:
        clear_downloads(project)


def clear_downloads(project: Path) -> int:
    """Wait for running downloads, then empty the cache and return the freed bytes.

    Raises:
        PackageError: if it cannot be emptied.
    """
    folder = _folder(project)
    before = _size(folder)
    if not before:
        return 0
    # uv knows if another uv is using the cache, and waits for it.
    result = run_uv("cache", "clean", "--cache-dir", folder)
    if result.returncode:
        raise PackageError(f"uv cannot empty {folder}: {summarise(result.stderr)}")
    return before - _size(folder)


def _folder(project: Path) -> Path:
    return project / ".cache" / "package" / "downloads"


def _size(folder: Path) -> int:
    files = {path.stat().st_ino: path.stat() for path in folder.rglob("*") if path.is_file()}
    return sum(each.st_size for each in files.values())
