"""Build results, kept by what went into them.

An entry is a folder named by its key. It is made elsewhere and renamed into place when it is
whole, so a build that was killed leaves nothing a later one would trust, and builds that run
side by side do not see each other's halves: of two that make the same entry, one wins.

Whoever uses an entry, or makes one, holds a lock on its folder, which ends with the process
however that ends. What is locked is in use; what is unfinished and not locked, a killed build
has left. Locks are taken, and folders judged by them, under the lock of the whole cache.
"""

import fcntl
import hashlib
import os
import stat
import weakref
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_UNFINISHED: Final = "unfinished-"


class Entry:
    """A folder in use: nobody deletes it while this object, or the process, lives."""

    def __init__(self, folder: Path) -> None:
        """Lock the folder."""
        self.folder = folder
        lock = os.open(folder, os.O_RDONLY)
        weakref.finalize(self, os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_SH)


@dataclass(frozen=True)
class Cleared:
    """What became of a cache's entries."""

    freed: int
    """Bytes; what other folders share, like a download cache, is not counted."""

    in_use: int
    """Entries, finished or not, that stay since a build is at work with them."""


@dataclass(frozen=True)
class Cache:
    """The entries of one kind."""

    folder: Path

    kept: int
    """How many entries stay, the last used first; more only while they are in use."""

    def find(self, key: str) -> Entry | None:
        """The entry of a key, marked as used; `None` if there is none."""
        with self._locked():
            return self._use(self.folder / key)

    def recent(self) -> list[Path]:
        """The folders of all entries, the last used first."""
        with self._locked():
            return self._entries()

    def build(self, key: str, make: Callable[[Path, Path], None]) -> Entry:
        """Make the entry of a key.

        Args:
            key: see `digest`.
            make: fills its first folder, which becomes the entry; the second is scratch space.
                What it raises is passed on, and there is no entry.
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
        """Delete everything that no running build uses."""
        return self._delete(self.folder.iterdir)

    def _trim(self) -> None:
        """Delete what is not among the last used, and what killed builds left."""
        self._delete(lambda: [*self._entries()[self.kept :], *self._unfinished()])

    def _use(self, path: Path) -> Entry | None:
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
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
        """Delete the chosen folders, which stop being entries before their files go."""
        with self._workspace() as workspace:
            with self._locked():
                chosen = [path for path in choose() if path != workspace]
                unused = list(filter(_is_unused, chosen))
                for path in unused:
                    path.rename(workspace / path.name)
            return Cleared(_unshared_size(workspace), len(chosen) - len(unused))

    def _entries(self) -> list[Path]:
        finished = (path for path in self.folder.iterdir() if not path.name.startswith(_UNFINISHED))
        return sorted(finished, key=lambda path: path.stat().st_mtime, reverse=True)

    def _unfinished(self) -> list[Path]:
        return list(self.folder.glob(f"{_UNFINISHED}*"))

    @contextmanager
    def _workspace(self) -> Generator[Path]:
        with self._locked():
            # A killed build's child may still be writing in what is being deleted.
            temporary = TemporaryDirectory(
                prefix=_UNFINISHED, dir=self.folder, ignore_cleanup_errors=True
            )
            _in_use = Entry(Path(temporary.name))
        with temporary as folder:
            yield Path(folder)

    @contextmanager
    def _locked(self) -> Generator[None]:
        """Let no other thread or process take or judge locks meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def digest(parts: Mapping[str, str | bytes]) -> str:
    """The key of a result: a SHA-256 in hex over everything that goes into it, by name."""
    total = hashlib.sha256()
    for name, part in sorted(parts.items()):
        content = part.encode() if isinstance(part, str) else part
        total.update(f"{len(name)}:{name}{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()


def _is_unused(path: Path) -> bool:
    lock = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _unshared_size(folder: Path) -> int:
    """Bytes of the files that lie in no other folder as well (uv links them from its cache)."""
    files = (path.lstat() for path in folder.rglob("*"))
    return sum(each.st_size for each in files if stat.S_ISREG(each.st_mode) and each.st_nlink == 1)
