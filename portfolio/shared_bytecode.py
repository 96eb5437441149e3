"""The bytecode of installed libraries, shared by the checkouts of a user.

To compile the libraries takes a third of the processor time of a new clone's first start. uv links
them from its cache, so in all checkouts they are the same files, and their bytecode is valid.
Python compares the time and the size of each source, and compiles a file again if they differ.

This module saves time and nothing else, so the system's errors are ignored. It runs before the long
imports, and imports none of them.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from infra.paths import user_cache

_KEPT: Final = 6
"""Number of sets of libraries, the last used first. A local stage has two."""

_USED: Final = "bytecode-used"
_SHARED: Final = "bytecode-shared"
"""Names of marks in an environment: what was done since the last installation."""


def use_bytecode(environment: Path) -> None:
    """Link the shared bytecode into a new environment.

    Args:
        environment: the folder of a virtual environment.
    """
    with suppress(OSError):
        for libraries in _unmarked(environment, _USED):
            shared = _find_shared(libraries)
            if shared and shared.is_dir():
                os.utime(shared)
                _link_missing(shared, libraries)


def share_bytecode(environment: Path) -> None:
    """Share the bytecode of an environment after a start, for the user's next checkout.

    Args:
        environment: the folder of a virtual environment.
    """
    with suppress(OSError):
        for libraries in _unmarked(environment, _SHARED):
            if shared := _find_shared(libraries):
                _link_missing(libraries, shared)
                _delete_oldest(shared.parent)


def _unmarked(environment: Path, name: str) -> Iterator[Path]:
    """Yield the folder of the libraries if they have changed since the mark, and mark it."""
    mark = environment / name
    for libraries in environment.glob("lib/python*/site-packages"):
        # uv has changed the folder if it has installed or removed a library.
        if not mark.exists() or mark.stat().st_mtime_ns < libraries.stat().st_mtime_ns:
            yield libraries
            mark.touch()


def _find_shared(libraries: Path) -> Path | None:
    """Return the folder for the bytecode of these libraries, new or not; None without a cache."""
    total = hashlib.sha256(str(libraries.relative_to(libraries.parents[2])).encode())
    for installed in sorted(libraries.glob("*.dist-info")):
        # uv builds the checkout's own projects anew, and says so in this file.
        if not (installed / "direct_url.json").exists():
            time = (installed / "METADATA").stat().st_mtime_ns
            total.update(f"{installed.name} {time}\n".encode())
    cache = user_cache()
    return cache / "bytecode" / total.hexdigest() if cache else None


def _link_missing(source: Path, target: Path) -> None:
    """Link the bytecode of the source that the target does not have."""
    target.mkdir(parents=True, exist_ok=True)
    present = set(_bytecode_files(target))
    for name in _bytecode_files(source):
        if name not in present:
            link = target / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.hardlink_to(source / name)


def _bytecode_files(folder: Path) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        if place.endswith("__pycache__"):
            relative = os.path.relpath(place, folder)
            yield from (f"{relative}/{name}" for name in names if name.endswith(".pyc"))


def _delete_oldest(folder: Path) -> None:
    oldest_last = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for each in oldest_last[_KEPT:]:
        shutil.rmtree(each, ignore_errors=True)
