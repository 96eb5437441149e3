"""Zip files whose bytes depend on nothing but their contents."""

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infra.processes.interruption import check_interrupted

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip can express."""

_MODE: Final = stat.S_IFREG | 0o644
"""Lambda's user must be able to read every file."""

_UNIX: Final = 3
_LEVEL: Final = 6
"""zlib's own default: level 9 takes three times as long to save less than 1 %."""


def append_files(archive: Path, folder: Path, names: Iterable[str]) -> None:
    """Add files to the end of a zip, sorted by name; make the zip if there is none.

    What is in it already stays as it is, compressed: only the table of contents, which comes
    last, is written anew.
    """
    with ZipFile(archive, "a") as target:
        for name in sorted(names):
            # Thousands of files take seconds, in a thread that no signal reaches.
            check_interrupted()
            target.writestr(_entry(name), (folder / name).read_bytes(), ZIP_DEFLATED, _LEVEL)


def unpack(archive: Path, folder: Path, *, under: str = "") -> None:
    """Unpack the files of a zip whose name begins with `under`."""
    with ZipFile(archive) as source:
        source.extractall(folder, [name for name in source.namelist() if name.startswith(under)])


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EARLIEST)
    entry.create_system = _UNIX
    entry.external_attr = _MODE << 16
    return entry
