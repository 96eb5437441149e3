"""Build results, kept by what went into them.

An entry is a folder named by its key. It is made elsewhere and renamed into place when it is
whole, so a build that was killed leaves nothing a later one would trust, and builds that run
side by side do not see each other's halves: of two that make the same entry, one wins.
"""

import hashlib
import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_UNFINISHED: Final = "unfinished-"
_SAFE_AGE: Final = 3600.0
"""Seconds since its last use after which no running build can need a folder any more."""


@dataclass(frozen=True)
class Cache:
    """The entries of one kind."""

    folder: Path

    kept: int
    """How many entries stay, the last used first; those used within the hour stay anyway."""

    def find(self, key: str) -> Path | None:
        """The entry of a key, marked as used; `None` if there is none."""
        entry = self.folder / key
        try:
            os.utime(entry)
        except FileNotFoundError:
            return None
        return entry

    def build(self, key: str, make: Callable[[Path, Path], None]) -> Path:
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
            self._publish(built, key)
        self._trim()
        return self.folder / key

    @contextmanager
    def _workspace(self) -> Generator[Path]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=_UNFINISHED, dir=self.folder) as folder:
            yield Path(folder)

    def _publish(self, built: Path, key: str) -> None:
        entry = self.folder / key
        try:
            built.rename(entry)
        except OSError:
            if not entry.exists():
                raise

    def _trim(self) -> None:
        """Delete what is neither recent nor among the last used, halves of killed builds too."""
        used = {path: _last_use(path) for path in self.folder.iterdir()}
        entries = [path for path in used if not path.name.startswith(_UNFINISHED)]
        kept = sorted(entries, key=used.__getitem__)[-self.kept :]
        for path in used.keys() - kept:
            if used[path] < time.time() - _SAFE_AGE:
                self._delete(path)

    def _delete(self, path: Path) -> None:
        """Delete a folder, which stops being an entry before its files go."""
        # Another build may delete it first.
        with self._workspace() as workspace, suppress(FileNotFoundError):
            path.rename(workspace / path.name)


def digest(parts: Mapping[str, str | bytes]) -> str:
    """The key of a result: a SHA-256 in hex over everything that goes into it, by name."""
    total = hashlib.sha256()
    for name, part in sorted(parts.items()):
        content = part.encode() if isinstance(part, str) else part
        total.update(f"{len(name)}:{name}{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()


def _last_use(path: Path) -> float:
    """Seconds since 1970; now if another build has just deleted it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
