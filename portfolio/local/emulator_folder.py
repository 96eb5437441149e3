"""The emulator's folder for its files, and the removal of folders that killed starts left.

A folder has a file that its users keep locked: the command and the emulator. The lock ends with
both processes, even if they are killed. So a folder without a lock is not in use.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from infra.errors import LocalStageError
from infra.processes.leftovers import LOCK, delete_folder, temporary_folder

_PREFIX: Final = "portfolio-emulator-"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - our folders in it have random names
_MEGABYTE: Final = 1024**2
_ENOUGH_MEMORY: Final = 2048 * _MEGABYTE
_LEAST_SPACE: Final = 256 * _MEGABYTE
"""Bytes: the emulator unpacks a complete zip into 60 MB, and some versions are there at once."""


@dataclass(frozen=True)
class EmulatorFolder:
    """A folder in use."""

    path: Path

    lock: int
    """A file descriptor. The folder is in use until all processes have closed it."""


@contextmanager
def open_emulator_folder() -> Generator[EmulatorFolder]:
    """Make a folder, and delete it at the end of the block; first delete those of killed starts.

    Raises:
        LocalStageError: if the folder of temporary files allows no programs, or is full.
    """
    for parent in (_MEMORY, Path(tempfile.gettempdir())):
        _delete_unused(parent)
    with ExitStack() as opened:
        while True:
            path = opened.enter_context(temporary_folder(_PREFIX, _choose_parent()))
            if lock := _lock(path):
                yield EmulatorFolder(path, opened.enter_context(lock).fileno())
                return


def _lock(folder: Path) -> TextIO | None:
    """Lock a new folder; return None if another start has deleted it before."""
    file = folder / LOCK
    with suppress(FileNotFoundError), ExitStack() as opened:
        lock = opened.enter_context(file.open("w", encoding="utf-8"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        if file.exists():
            opened.pop_all()
            return lock
    return None


def _delete_unused(parent: Path) -> None:
    """Delete the folders of this user that no process has locked."""
    for path in parent.glob(f"{_PREFIX}*"):
        # Another start may delete them at the same time.
        with suppress(FileNotFoundError):
            if path.lstat().st_uid == os.getuid() and not path.is_symlink():
                _delete_if_unused(path)


def _delete_if_unused(path: Path) -> None:
    # A start that was killed here has left an empty folder. Others without a lock are not ours.
    with suppress(OSError):
        path.rmdir()
    with (path / LOCK).open("r+", encoding="utf-8") as lock, suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        delete_folder(path, ignore_errors=True)


def _choose_parent() -> Path:
    """Return the folder for the emulator's files: in memory, if there is enough space.

    The emulator unpacks each version of a function there. A TMPDIR takes precedence.

    Raises:
        LocalStageError: if the folder of temporary files allows no programs, or is full.
    """
    if "TMPDIR" not in os.environ and _is_usable(_MEMORY):
        return _MEMORY
    folder = Path(tempfile.gettempdir())
    if _forbids_programs(folder):
        raise LocalStageError(
            f"{folder} is mounted with noexec, but the function has compiled libraries. "
            "Set TMPDIR to another folder."
        )
    if (free := shutil.disk_usage(folder).free) < _LEAST_SPACE:
        raise LocalStageError(
            f"{folder} has {free // _MEGABYTE} MB left, but the emulator needs "
            f"{_LEAST_SPACE // _MEGABYTE}. Free some space, or set TMPDIR to another folder."
        )
    return folder


def _is_usable(memory: Path) -> bool:
    return (
        memory.is_dir()
        and os.access(memory, os.W_OK)
        and not _forbids_programs(memory)
        and shutil.disk_usage(memory).free > _ENOUGH_MEMORY
    )


def _forbids_programs(folder: Path) -> bool:
    """Return True if a file system is mounted with `noexec`: it loads no shared objects."""
    return bool(os.statvfs(folder).f_flag & os.ST_NOEXEC)
