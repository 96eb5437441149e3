"""Refusals of the operating system, as one line with the next step."""

import errno
import os
import pwd
import resource
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from infra.paths import CACHE

_FULL: Final = "Free some space there. TMPDIR names the folder of temporary files"
_NOT_YOURS: Final = "Change its owner (chown) or its mode (chmod), or use a checkout of your own"
_TOO_MANY: Final = "Raise the limit (ulimit -n 4096)"

_NO_LOCKS: Final = "Use a checkout on a local disk"

_ADVICE: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: "Use a checkout in a writable folder. TMPDIR names the folder of temporary files",
    errno.EACCES: _NOT_YOURS,
    errno.EPERM: _NOT_YOURS,
    errno.EMFILE: _TOO_MANY,
    errno.ENFILE: _TOO_MANY,
    errno.EFBIG: "Raise the limit of files (ulimit -f unlimited)",
    errno.ENOLCK: _NO_LOCKS,
    errno.ENOTSUP: _NO_LOCKS,
    errno.ENAMETOOLONG: "Use a folder with a shorter path",
    errno.ENOMEM: "End other programs, or raise the limit (ulimit -v)",
    errno.EAGAIN: "End other programs, or raise the limit (ulimit -u)",
}
"""The next step for each error that the owner of a machine can fix."""

_ENOUGH_FILES: Final = 1024
_LEAST_FILES: Final = 128
"""Open files: Pulumi's engine in this process and the local stage need up to a hundred."""

_NOTHING_LEFT: Final = 1024**2
"""Bytes: a file system with less is the full one."""


def allow_open_files() -> str:
    """Raise this process's limit of open files, as far as it may; return a message if it is low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < _ENOUGH_FILES:
        soft = _ENOUGH_FILES if hard < 0 else min(hard, _ENOUGH_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if 0 <= soft < _LEAST_FILES:
        return f"A process may open only {soft} files here. {_TOO_MANY}."
    return ""


def is_refusal(error: BaseException) -> bool:
    """Return True if an error is a refusal with a known next step."""
    return isinstance(error, OSError) and error.errno in _ADVICE


def describe_refusal(error: OSError) -> str:
    """Return an error of the system in one line: the place, the reason and the next step."""
    place = _place(error)
    reason = error.strerror or str(error)
    advice = _ADVICE.get(error.errno or 0)
    words = f"{place}: {reason}" if place else reason
    return f"{words}. {advice}." if advice else f"{words}."


def _place(error: OSError) -> str:
    """Return the file of an error, and its owner if that is another user."""
    if isinstance(error.filename, str | bytes):
        name = os.fsdecode(error.filename)
        return name + (_owner(Path(name)) if error.errno in {errno.EACCES, errno.EPERM} else "")
    return _full_folder() if error.errno == errno.ENOSPC else ""


def _owner(path: Path) -> str:
    """Return the owner of a path, or of the closest folder around it that can be seen."""
    for each in (path.absolute(), *path.absolute().parents):
        with suppress(OSError):
            user = each.stat().st_uid
            if user == os.geteuid():
                return ""
            with suppress(KeyError):
                return f" (of the user {pwd.getpwuid(user).pw_name})"
            return f" (of the user {user})"
    return ""


def _full_folder() -> str:
    """Return the first folder of ours without space, or no text: a failed write has no name."""
    folders = [CACHE]
    with suppress(OSError):
        folders.append(Path.cwd())
    with suppress(OSError):
        folders.insert(0, Path(tempfile.gettempdir()))
    for folder in folders:
        with suppress(OSError):
            if shutil.disk_usage(folder).free < _NOTHING_LEFT:
                return str(folder)
    return ""
