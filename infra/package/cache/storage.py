"""The caches of a checkout, in `.cache/package`, those that checkouts share, and their limits."""

from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.cache.downloads import clear_downloads
from infra.package.cache.entries import Cache, Cleared
from infra.package.cache.shared import SharedCache
from infra.paths import user_cache

_DEPENDENCIES_KEPT: Final = 3
_ZIPS_KEPT: Final = 10
"""A deployment reads its zip after the build. It would lose it only after ten newer builds."""

_SHARED_KEPT: Final = 3
"""Number of entries of each kind that the checkouts of a user share."""

_DEPENDENCIES: Final = "dependencies"
_ZIPS: Final = "zips"


def dependency_cache(project: Path) -> Cache:
    """Return the cache of installed, compiled and compressed dependencies."""
    return Cache(_folder(project) / _DEPENDENCIES, _DEPENDENCIES_KEPT)


def zip_cache(project: Path) -> Cache:
    """Return the cache of checked zips, each with its manifest."""
    return Cache(_folder(project) / _ZIPS, _ZIPS_KEPT)


def share(own: Cache) -> Cache | SharedCache:
    """Return a cache of a checkout in front of the one that the user's checkouts share.

    Without a folder for the shared one, the checkout's cache is returned.
    """
    folder = user_cache()
    return SharedCache(own, Cache(folder / own.folder.name, _SHARED_KEPT)) if folder else own


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

    The results that the user's checkouts share are deleted too.

    Raises:
        PackageError: if the downloads cannot be deleted.
    """
    each = [share(cache(project)).clear() for cache in (zip_cache, dependency_cache)]
    freed = sum(one.freed for one in each) + clear_downloads(project)
    return Cleared(freed, sum(one.in_use for one in each))


def _folder(project: Path) -> Path:
    return project / ".cache" / "package"
