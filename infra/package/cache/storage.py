"""The caches of a checkout, in `.cache/package`, and their limits."""

from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.cache.downloads import clear_downloads
from infra.package.cache.entries import Cache, Cleared

_DEPENDENCIES_KEPT: Final = 3
_ZIPS_KEPT: Final = 10
"""A deployment reads its zip after the build. It would lose it only after ten newer builds."""


def dependency_cache(project: Path) -> Cache:
    """Return the cache of installed, compiled and compressed dependencies."""
    return Cache(_folder(project) / "dependencies", _DEPENDENCIES_KEPT)


def zip_cache(project: Path) -> Cache:
    """Return the cache of checked zips, each with its manifest."""
    return Cache(_folder(project) / "zips", _ZIPS_KEPT)


def find_last_zip(project: Path) -> Path:
    """Return the path of the last built or reused zip.

    Raises:
        PackageError: if the cache is empty.
    """
    zips = (path for entry in zip_cache(project).recent() for path in entry.glob("*.zip"))
    last = next(zips, None)
    if last is None:
        raise PackageError(f"{project} has no built zip. Build one with `portfolio package`.")
    return last


def clear_caches(project: Path) -> Cleared:
    """Delete the containers' downloads and all results not used by a running build.

    Raises:
        PackageError: if the downloads cannot be deleted.
    """
    each = [cache(project).clear() for cache in (zip_cache, dependency_cache)]
    freed = sum(one.freed for one in each) + clear_downloads(project)
    return Cleared(freed, sum(one.in_use for one in each))


def _folder(project: Path) -> Path:
    return project / ".cache" / "package"
