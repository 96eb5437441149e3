"""Build results, cached by a key of their inputs.

An entry is a folder named by its key. A build fills a temporary folder and renames it into place
when it is complete. So a killed build leaves no broken entry, and parallel builds do not see
each other's unfinished folders. If two builds make the same entry, the first one wins.

A build holds a lock on the folder of each entry in use. The lock ends with the process, even if
the process is killed. A locked folder is in use; an unfinished folder without a lock is left from
a killed build. Locks are taken and checked only under the lock of the cache itself.
"""

import fcntl
import hashlib
import os
import stat
import weakref
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.processes.leftovers import temporary_folder
from infra.processes.locks import delete_stale_locks, lock_folder

_UNFINISHED: Final = "unfinished-"


class Entry:
    """A folder in use. It is not deleted as long as this object and the process are alive."""

    def __init__(self, folder: Path) -> None:
        """Lock the folder."""
        self.folder = folder
        weakref.finalize(self, os.close, lock_folder(folder, fcntl.LOCK_SH))


@dataclass(frozen=True)
class Cleared:
    """The result of clearing a cache."""

    freed: int
    """Freed bytes. Files shared with other folders, such as uv's cache, are not counted."""

    in_use: int
    """Number of entries kept because a running build uses them, unfinished ones included."""


@dataclass(frozen=True)
class Cache:
    """The entries of one kind, in one folder."""

    folder: Path

    kept: int
    """Number of entries to keep, the last used first. Entries in use are kept as well."""

    def find(self, key: str) -> Entry | None:
        """Return the entry of a key and mark it as used, or return None if it is missing."""
        with self._locked():
            entry = self._use(self.folder / key)
        # A build that was killed after it had made the entry has left a folder.
        if entry and self._unfinished():
            with suppress(OSError):  # a read-only checkout keeps it
                self._delete(self._unfinished)
        return entry

    def recent(self) -> list[Path]:
        """Return the folders of all entries, the last used first."""
        with self._locked():
            return self._entries()

    def build(self, key: str, make: Callable[[Path, Path], None]) -> Entry:
        """Build the entry of a key.

        Args:
            key: see `digest`.
            make: fills its first folder, the future entry. The second folder is scratch space.
                If it raises, the error is passed on and no entry is made.
        """
        with self._workspace() as workspace:
            built, scratch = workspace / "built", workspace / "scratch"
            built.mkdir()
            scratch.mkdir()
            make(built, scratch)
            entry = self._publish(built, key)
        self._trim()
        return entry

    def clear(self) -> Cleared:
        """Delete all entries not used by a running build."""
        return self._delete(self.folder.iterdir)

    def _trim(self) -> None:
        """Delete the oldest entries and the folders left from killed builds."""
        self._delete(lambda: [*self._entries()[self.kept :], *self._unfinished()])

    def _use(self, path: Path) -> Entry | None:
        if not path.is_dir():
            return None
        # An entry of another user, or in a read-only checkout, is used without a mark.
        with suppress(OSError):
            os.utime(path)
        return Entry(path)

    def _publish(self, built: Path, key: str) -> Entry:
        path = self.folder / key
        with self._locked():
            entry = self._use(path)
            if entry is None:
                os.utime(built)
                built.rename(path)
            return entry or Entry(path)

    def _delete(self, choose: Callable[[], Iterable[Path]]) -> Cleared:
        """Delete the chosen folders; first move them, so a partly deleted entry is never found."""
        with self._workspace() as workspace:
            with self._locked():
                chosen = [path for path in choose() if path != workspace]
                unused = list(filter(_is_unused, chosen))
                for path in unused:
                    path.rename(workspace / path.name)
                delete_stale_locks(self.folder)
            return Cleared(_unshared_size(workspace), len(chosen) - len(unused))

    def _entries(self) -> list[Path]:
        finished = (path for path in self.folder.iterdir() if not path.name.startswith(_UNFINISHED))
        return sorted(finished, key=lambda path: path.stat().st_mtime, reverse=True)

    def _unfinished(self) -> list[Path]:
        return list(self.folder.glob(f"{_UNFINISHED}*"))

    @contextmanager
    def _workspace(self) -> Generator[Path]:
        with ExitStack() as stack:
            with self._locked():
                # A child of a killed build may still write to the folder during the deletion.
                temporary = temporary_folder(_UNFINISHED, self.folder, ignore_errors=True)
                folder = stack.enter_context(temporary)
                _in_use = Entry(folder)
            yield folder

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Stop other threads and processes from taking or checking locks."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = lock_folder(self.folder, fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(lock)


def digest(parts: Mapping[str, str | bytes]) -> str:
    """Return the cache key: a SHA-256 in hex over the names and contents of all inputs."""
    total = hashlib.sha256()
    for name, part in sorted(parts.items()):
        content = part.encode() if isinstance(part, str) else part
        total.update(f"{len(name)}:{name}{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()


def _is_unused(path: Path) -> bool:
    try:
        os.close(lock_folder(path, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _unshared_size(folder: Path) -> int:
    """Return the bytes of the files without links elsewhere (uv links files from its cache)."""
    files = (path.lstat() for path in folder.rglob("*"))
    return sum(each.st_size for each in files if stat.S_ISREG(each.st_mode) and each.st_nlink == 1)
