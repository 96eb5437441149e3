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


def dependency_cache(project: Path, *, shared: bool = False) -> Cache | SharedCache:
    """Return the cache of installed, compiled and compressed dependencies.

    Args:
        project: the checkout.
        shared: True for the cache in front of the one that the user's checkouts share.
    """
    own = Cache(_folder(project) / "dependencies", _DEPENDENCIES_KEPT)
    return _share(own) if shared else own


def zip_cache(project: Path, *, shared: bool = False) -> Cache | SharedCache:
    """Return the cache of checked zips, each with its manifest; see `dependency_cache`."""
    own = Cache(_folder(project) / "zips", _ZIPS_KEPT)
    return _share(own) if shared else own


def _share(own: Cache) -> Cache | SharedCache:
    """Return a checkout's cache in front of the shared one; without a folder, the first alone."""
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
    each = [cache(project, shared=True).clear() for cache in (zip_cache, dependency_cache)]
    freed = sum(one.freed for one in each) + clear_downloads(project)
    return Cleared(freed, sum(one.in_use for one in each))


def _folder(project: Path) -> Path:
    return project / ".cache" / "package"
