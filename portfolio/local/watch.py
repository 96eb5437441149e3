"""Changes in the checkout while a local stage runs."""

import asyncio
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watchfiles import (
    Change,
    DefaultFilter,
    awatch,  # pyright: ignore[reportUnknownVariableType] - trio is not here
)

from infra.paths import BACKEND, ROOT
from infra.settings.files import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEARTBEAT: Final = 100
"""Milliseconds between two checks for the start of the watch."""

_DEBOUNCE: Final = 50
"""Milliseconds to collect saved files into one change."""


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
}


@dataclass(frozen=True)
class Changes:
    """Changed files of the checkout."""

    files: frozenset[Path]

    @property
    def parts(self) -> frozenset[Part]:
        """The parts with changed files."""
        return frozenset(map(_part_of, self.files))

    def describe(self, part: Part) -> str:
        """Return the name of the first changed file of a part, and the number of others."""
        files = sorted(file for file in self.files if _part_of(file) is part)
        first = files[0].relative_to(ROOT).as_posix()
        others = len(files) - 1
        return f"{first} and {others} more" if others else first


class CheckoutWatch:
    """Two watches of the file system: folders with all they contain, and single files.

    Editors replace a file when they save it, and a watch of the file itself would end then. So
    the folders of the files are watched.
    """

    def __init__(self) -> None:
        """Start without changes."""
        self._changed: asyncio.Queue[Iterable[Path]] = asyncio.Queue()
        self._starting = {True, False}

    async def follow(self, *, recursive: bool) -> None:
        """Watch the folders, or the single files, until this is cancelled."""
        folders = _FOLDERS if recursive else {file.parent for file in _FILES}
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

    async def next(self) -> Changes:
        """Wait for changes; the first answer is given when both watches have started."""
        files = set(await self._changed.get())
        while self._starting or not self._changed.empty():
            files.update(await self._changed.get())
        return Changes(frozenset(files))


def _is_watched_file(_change: Change, path: str) -> bool:
    return Path(path) in _FILES


def _part_of(file: Path) -> Part:
    in_folder = (part for folder, part in _FOLDERS.items() if file.is_relative_to(folder))
    return _FILES.get(file) or next(in_folder)
