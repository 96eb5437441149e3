"""Where a checkout keeps the results of its builds, and how many."""

from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.cache.downloads import clear_downloads
from infra.package.cache.entries import Cache, Cleared

_DEPENDENCIES_KEPT: Final = 3
_ZIPS_KEPT: Final = 10
"""A deployment reads its zip after the build: it would take ten newer ones meanwhile to lose it."""


def dependency_cache(project: Path) -> Cache:
    """Installed, compiled and compressed dependencies."""
    return Cache(_folder(project) / "dependencies", _DEPENDENCIES_KEPT)


def zip_cache(project: Path) -> Cache:
    """Zips that counted as built, each with its manifest."""
    return Cache(_folder(project) / "zips", _ZIPS_KEPT)


def find_last_zip(project: Path) -> Path:
    """The zip that was built, or found again, last.

    Raises:
        PackageError: if there is none.
    """
    zips = (path for entry in zip_cache(project).recent() for path in entry.glob("*.zip"))
    last = next(zips, None)
    if last is None:
        raise PackageError("No zip has been built here. Build one with `portfolio package`.")
    return last


def clear_caches(project: Path) -> Cleared:
    """Delete all results that no running build uses, and what containers have downloaded.

    Raises:
        PackageError: if something cannot be deleted.
    """
    each = [cache(project).clear() for cache in (zip_cache, dependency_cache)]
    freed = sum(one.freed for one in each) + clear_downloads(project)
    return Cleared(freed, sum(one.in_use for one in each))


def _folder(project: Path) -> Path:
    return project / ".cache" / "package"
