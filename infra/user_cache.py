"""What the checkouts of a user share: its folder, and links to files instead of copies."""

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from infra.paths import PROJECT

VARIABLE: Final = "PORTFOLIO_CACHE"
"""The environment variable with the folder; nothing is shared if it is empty."""

_NO_LINKS: Final = {
    errno.EACCES,
    errno.EMLINK,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EPERM,
    errno.EXDEV,
}
"""Errors of file systems without hard links, without another one for a file, or of two of them."""


def user_cache() -> Path | None:
    """Return the project's folder in the user's one for caches.

    It is safe to delete at any time. `PORTFOLIO_CACHE` names another folder. None if that is
    empty or relative, if the user's folder is missing, or if the project's one belongs to another
    user: what it holds is executed.
    """
    with suppress(OSError, RuntimeError):  # RuntimeError: the user has no home folder
        folder = _choose_folder()
        if folder.is_absolute():
            folder.mkdir(mode=0o700, exist_ok=True)
            return folder if folder.stat().st_uid == os.geteuid() else None
    return None


def _choose_folder() -> Path:
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen)
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # https://specifications.freedesktop.org/basedir-spec/latest: a relative path is ignored.
    caches = given if given.is_absolute() else Path("~/.cache").expanduser()
    return caches / PROJECT


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
