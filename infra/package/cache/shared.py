"""Results that all checkouts of a user share: links to the files of another checkout's results."""

import errno
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.package.cache.entries import Cache, Cleared, Entry

_NO_LINKS: Final = {
    errno.EACCES,
    errno.EMLINK,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EPERM,
    errno.EXDEV,
}
"""Errors of file systems without hard links, without another one for a file, or of two of them."""


@dataclass(frozen=True)
class SharedCache:
    """A cache of a checkout in front of one that all checkouts of the user share.

    A result of another checkout is linked into the own cache: it stays if the other is deleted.
    The shared cache saves time and nothing else, so its errors of the system are ignored.
    """

    own: Cache
    shared: Cache

    def find(self, key: str) -> Entry | None:
        """Return the entry of a key, perhaps from another checkout, or None if it is missing."""
        if found := self.own.find(key):
            return found
        with suppress(OSError):
            if shared := self.shared.find(key):
                return self.own.build(key, _links_to(shared))
        return None

    def clear(self) -> Cleared:
        """Delete all entries of both that are not used by a running build."""
        # The shared files first: a file with a second link would not count as freed.
        with suppress(OSError):
            self.shared.clear()
        return self.own.clear()

    def recent(self) -> list[Path]:
        """Return the folders of this checkout's entries, the last used first."""
        return self.own.recent()

    def build(self, key: str, make: Callable[[Path, Path], None]) -> Entry:
        """Build the entry of a key, and share it; see `Cache.build`."""
        built = self.own.build(key, make)
        with suppress(OSError):
            self.shared.build(key, _links_to(built))
        return built


def link_files(source: Path, target: Path, names: Iterable[str]) -> None:
    """Link the named files of the source into the target, or copy them.

    A copy is much slower, but some file systems have no hard links.

    Raises:
        OSError: if a file is there already, or cannot be written.
    """
    files = [(source / name, target / name) for name in names]
    for folder in sorted({file.parent for _, file in files}):
        folder.mkdir(parents=True, exist_ok=True)
    for file, link in files:
        try:
            link.hardlink_to(file)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            shutil.copyfile(file, link)


def _links_to(entry: Entry) -> Callable[[Path, Path], None]:
    """Return a function for `Cache.build` that links all files of an entry."""

    def make(folder: Path, _scratch: Path) -> None:
        link_files(entry.folder, folder, _files(entry.folder))

    return make


def _files(folder: Path) -> list[str]:
    found = ((Path(place), names) for place, _, names in os.walk(folder))
    return [str(place.relative_to(folder) / name) for place, names in found for name in names]
