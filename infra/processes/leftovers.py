"""Temporary files, deleted even if the process is killed.

A command has a parent process (`supervision`), which deletes the files that the command has left.
The command sends their paths through a pipe before it creates them. A process without this parent
deletes its files itself, at the end of a block.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

from infra.processes.interruption import is_interrupted

LOCK: Final = "in-use.lock"
"""The file in a temporary folder that its users keep locked; it is deleted last."""

_CREATED: Final = b"+"
_DELETED: Final = b"-"
_END: Final = b"\0"


class _Report:
    """The end of the pipe to the parent process."""

    descriptor: int | None = None
    parent = 0


def report_to(descriptor: int) -> None:
    """Send the paths of temporary files to this pipe; the parent process reads it."""
    _Report.descriptor, _Report.parent = descriptor, os.getppid()


@contextmanager
def noted(*paths: Path) -> Generator[None]:
    """Let the parent process delete these paths, if the block does not delete or move them."""
    _send(_CREATED, paths)
    try:
        yield
    finally:
        _send(_DELETED, (path for path in paths if not path.exists(follow_symlinks=False)))


@contextmanager
def temporary_folder(
    prefix: str, parent: Path | None = None, *, ignore_errors: bool = False
) -> Generator[Path]:
    """Create a folder, accessible to its owner alone, and delete it after the block.

    After a signal, the parent process deletes it: nothing writes to it then.

    Args:
        prefix: the start of its name.
        parent: the folder around it (default: the one for temporary files).
        ignore_errors: True if others may still write to the folder during the deletion.
    """
    folder = (parent or Path(tempfile.gettempdir())) / f"{prefix}{os.urandom(6).hex()}"
    with noted(folder):
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            if not (is_interrupted() and os.getppid() == _Report.parent):
                # The block may delete the folder itself.
                with suppress(FileNotFoundError):
                    delete_folder(folder, ignore_errors=ignore_errors)


def delete_folder(folder: Path, *, ignore_errors: bool = False) -> None:
    """Delete a folder, and its lock last: a deletion that is killed leaves an unlocked folder.

    Args:
        folder: the folder.
        ignore_errors: True if others may still write to the folder, or delete it.
    """
    with suppress(OSError) if ignore_errors else nullcontext():
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=ignore_errors)
            elif path.name != LOCK:
                path.unlink()
    shutil.rmtree(folder, ignore_errors=ignore_errors)


def delete_noted(notes: bytes) -> None:
    """Delete the files and folders of a process that has ended.

    Args:
        notes: the bytes that it has sent.
    """
    left: dict[Path, None] = {}
    for note in notes.split(_END)[:-1]:
        path = Path(os.fsdecode(note[1:]))
        if note.startswith(_CREATED):
            left[path] = None
        else:
            left.pop(path, None)
    _delete(left)


def _send(kind: bytes, paths: Iterable[Path]) -> None:
    if _Report.descriptor is not None:
        notes = (kind + os.fsencode(path.absolute()) + _END for path in paths)
        # A parent process that was killed ends this process too.
        with suppress(BrokenPipeError):
            os.write(_Report.descriptor, b"".join(notes))


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            delete_folder(path, ignore_errors=True)
        else:
            # Another process may have deleted it.
            with suppress(OSError):
                path.unlink()
