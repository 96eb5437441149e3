"""Changes in the checkout while a local stage runs."""

import asyncio
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watchfiles import (
    Change,
    DefaultFilter,
    awatch,  # pyright: ignore[reportUnknownVariableType] - trio is not here
)

from infra.package.sources.tracked import find_index
from infra.paths import BACKEND, ROOT
from infra.settings.files import LOCAL, LOCAL_SECRETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HEARTBEAT: Final = 100
"""Milliseconds between two checks for the start of the watch."""

_DEBOUNCE: Final = 50
"""Milliseconds to collect saved files into one change."""

_POLL: Final = 0.1
"""Seconds between two looks at the local stage's secrets."""

_SECRETS: Final = ROOT / LOCAL_SECRETS


class Part(Enum):
    """A part of the checkout, by its effect on the stage."""

    PROGRAM = "the program and its settings"
    LOCK = "the dependencies"
    SOURCE = "the function's code"


_FOLDERS: Final = {BACKEND / "src": Part.SOURCE, ROOT / "infra": Part.PROGRAM}
_FILES: Final = {
    BACKEND / "pyproject.toml": Part.LOCK,
    ROOT / "pyproject.toml": Part.LOCK,
    ROOT / "uv.lock": Part.LOCK,
    ROOT / "Pulumi.yaml": Part.PROGRAM,
    ROOT / f"Pulumi.{LOCAL}.yaml": Part.PROGRAM,
    _SECRETS: Part.PROGRAM,
}
_INDEX: Final = "git's list of files"
"""A name for the index of git, which may be outside the checkout."""


@dataclass(frozen=True)
class Changes:
    """Changed files of the checkout."""

    files: frozenset[Path]

    @property
    def parts(self) -> frozenset[Part]:
        """The parts with changed files."""
        return frozenset(map(_part_of, self.files))

    @property
    def are_in_git(self) -> bool:
        """True if only git's list of files has changed, such as after `git add`."""
        return all(file == _index() for file in self.files)

    def describe(self, part: Part) -> str:
        """Return the name of the first changed file of a part, and the number of others."""
        files = sorted(file for file in self.files if _part_of(file) is part)
        first = _INDEX if files[0] == _index() else files[0].relative_to(ROOT).as_posix()
        others = len(files) - 1
        return f"{first} and {others} more" if others else first


class CheckoutWatch:
    """Watches of the file system: folders with all they contain, single files, and the secrets.

    Editors replace a file when they save it, and a watch of the file itself would end then. So
    the folders of the files are watched. The folder of the secrets may appear later.
    """

    def __init__(self) -> None:
        """Start without changes."""
        self._changed: asyncio.Queue[Iterable[Path]] = asyncio.Queue()
        self._starting = {True, False}

    async def follow(self, *, recursive: bool) -> None:
        """Watch the folders, or the single files, until this is cancelled."""
        folders = _FOLDERS if recursive else {file.parent for file in _files() if file != _SECRETS}
        watch = awatch(
            *folders,
            watch_filter=DefaultFilter() if recursive else _is_watched_file,
            debounce=_DEBOUNCE,
            step=_DEBOUNCE,
            rust_timeout=_HEARTBEAT,
            yield_on_timeout=True,
            recursive=recursive,
        )
        async for changes in watch:
            if changes or recursive in self._starting:
                self._starting.discard(recursive)
                self._changed.put_nowait([Path(path) for _, path in changes])

    async def follow_secrets(self) -> None:
        """Look at the file of the secrets again and again, until this is cancelled."""
        known = _identify(_SECRETS)
        while True:
            await asyncio.sleep(_POLL)
            found = _identify(_SECRETS)
            if found != known:
                known = found
                self._changed.put_nowait([_SECRETS])

    async def next(self) -> Changes:
        """Wait for changes; the first answer is given when both watches have started."""
        files = set(await self._changed.get())
        while self._starting or not self._changed.empty():
            files.update(await self._changed.get())
        return Changes(frozenset(files))


def _identify(file: Path) -> tuple[int, int] | None:
    """Return the number and the time of a file, or None if it is missing."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def _is_watched_file(_change: Change, path: str) -> bool:
    return Path(path) in _files()


def _part_of(file: Path) -> Part:
    in_folder = (part for folder, part in _FOLDERS.items() if file.is_relative_to(folder))
    return _files().get(file) or next(in_folder)


@cache
def _files() -> "Mapping[Path, Part]":
    """Return the single files to watch: after `git add`, the function has a file more."""
    index = _index()
    return _FILES | {index: Part.SOURCE} if index else _FILES


@cache
def _index() -> Path | None:
    return find_index(ROOT)
