"""Locks on folders, for the processes of this machine. A lock ends with its process."""

import fcntl
import os
from pathlib import Path


def lock_folder(folder: Path, kind: int) -> int:
    """Lock a folder; return the descriptor to close at the end of the lock.

    Some file systems lock only files that are open for writing. The lock is on a file beside the
    folder there.

    Args:
        folder: an existing folder.
        kind: `fcntl.LOCK_SH` or `LOCK_EX`, perhaps with `LOCK_NB`.

    Raises:
        BlockingIOError: if another process has a lock, with `LOCK_NB`.
        OSError: if the file system has no locks at all.
    """
    try:
        return _lock(folder, os.O_RDONLY, kind)
    except BlockingIOError:
        raise
    except OSError:
        if not folder.is_dir():
            raise
        file = _lock_file(folder)
        file.parent.mkdir(exist_ok=True)
        return _lock(file, os.O_RDWR | os.O_CREAT, kind)


def delete_stale_locks(folder: Path) -> None:
    """Delete the files for folders that were in this folder."""
    for file in _lock_file(folder / "any").parent.glob("*"):
        if not (folder / file.name).exists():
            file.unlink(missing_ok=True)


def _lock(path: Path, flags: int, kind: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, kind)
    except OSError as error:
        os.close(descriptor)
        error.filename = str(path)
        raise
    return descriptor


def _lock_file(folder: Path) -> Path:
    return folder.parent.with_name(f"{folder.parent.name}-locks") / folder.name
