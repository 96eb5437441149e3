"""Reproducible zip files: the same contents give the same bytes."""

import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infra.processes.interruption import check_interrupted

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time in the zip format."""

_MODE: Final = stat.S_IFREG | 0o644
"""File mode: Lambda's user must be able to read each file."""

_UNIX: Final = 3
_LEVEL: Final = 6
"""zlib's default level. Level 9 takes three times as long and saves less than 1 %."""


def append_files(archive: Path, folder: Path, names: Iterable[str]) -> None:
    """Append files to a zip, sorted by name; create the zip if it is missing.

    Existing entries are not compressed again: only the table of contents at the end is
    rewritten.
    """
    with ZipFile(archive, "a") as target:
        for name in sorted(names):
            # Thousands of files take seconds, and signals do not reach this thread.
            check_interrupted()
            target.writestr(_entry(name), (folder / name).read_bytes(), ZIP_DEFLATED, _LEVEL)


def unpack(archive: Path, folder: Path, *, under: str = "") -> None:
    """Unpack the files of a zip; only names starting with `under`."""
    with ZipFile(archive) as source:
        source.extractall(folder, [name for name in source.namelist() if name.startswith(under)])


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EARLIEST)
    entry.create_system = _UNIX
    entry.external_attr = _MODE << 16
    return entry
