"""The installed files to put into the zip."""

import re
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.omissions import is_omitted
from infra.package.services import is_unused_service_data

_LEFT_OUT_FOLDERS: Final = frozenset({"__pycache__", "test", "tests"})
_LEFT_OUT_FILE: Final = re.compile(
    r"""
    test_.*\.py | .*_test\.py | conftest\.py    # tests
    | .*\.py[ic] | py\.typed                    # stubs, and bytecode shipped in wheels
    | .*\.(?:c|h|pxd|pyx)                       # sources of the shared objects
    """,
    re.VERBOSE,
)
_KEPT_METADATA: Final = re.compile(
    r"METADATA | (?:entry_points|top_level)\.txt | licenses/.* | (?:LICEN[CS]E|NOTICE|COPYING).*",
    re.VERBOSE,
)
"""Files of `*.dist-info` to keep. RECORD, INSTALLER, REQUESTED and direct_url.json differ
between machines."""


def needed_files(folder: Path) -> list[str]:
    """Return the sorted relative paths of the files to put into the zip.

    Raises:
        PackageError: if a dependency installs into the folder of the function's own code.
    """
    if (folder / "src").exists():
        raise PackageError(
            "A dependency installs a top-level `src`, the folder of the function's own code. "
            "Pin another version in backend/pyproject.toml and run `bin/uv lock`."
        )
    names = (
        (inside / file).as_posix()
        for parent, _, files in folder.walk()
        for inside in [parent.relative_to(folder)]
        for file in files
    )
    return sorted(filter(is_needed, names))


def is_needed(name: str) -> bool:
    """Return True if the function needs this file; the name is relative to the install folder."""
    if is_omitted(name):
        return False
    *folders, file = name.split("/")
    if folders and folders[0].endswith(".dist-info"):
        return bool(_KEPT_METADATA.fullmatch(name.partition("/")[2]))
    return not (
        folders[:1] == ["bin"]
        or _LEFT_OUT_FOLDERS.intersection(folders)
        or any(_is_hidden(part) for part in (*folders, file))
        or _LEFT_OUT_FILE.fullmatch(file)
        or is_unused_service_data(name)
    )


def _is_hidden(part: str) -> bool:
    """Return True for hidden files of installers and editors; `.libs` has libraries."""
    return part.startswith(".") and part != ".libs"
