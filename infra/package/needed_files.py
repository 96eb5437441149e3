"""Which of the installed files go into the zip."""

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
    | .*\.py[ic] | py\.typed                    # stubs, and caches shipped in wheels
    | .*\.(?:c|h|pxd|pyx)                       # what the shared objects were made from
    """,
    re.VERBOSE,
)
_KEPT_METADATA: Final = re.compile(
    r"METADATA | (?:entry_points|top_level)\.txt | licenses/.* | (?:LICEN[CS]E|NOTICE|COPYING).*",
    re.VERBOSE,
)
"""Of `*.dist-info`; RECORD, INSTALLER, REQUESTED and direct_url.json differ between
machines."""


def needed_files(folder: Path) -> list[str]:
    """The files of an installed folder that the function needs, named from it, sorted.

    Raises:
        PackageError: if a dependency would lie where the function's own code does.
    """
    if (folder / "src").exists():
        raise PackageError(
            "A dependency installs a top-level `src`, which is where the function's own code "
            "lies. Pin a version in backend/pyproject.toml that does not, and run `uv lock`."
        )
    names = (
        (inside / file).as_posix()
        for parent, _, files in folder.walk()
        for inside in [parent.relative_to(folder)]
        for file in files
    )
    return sorted(filter(is_needed, names))


def is_needed(name: str) -> bool:
    """Whether the function needs a file, named from the folder everything is installed in."""
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
    """Hidden files are notes of installers and editors, but for `.libs`, which holds libraries."""
    return part.startswith(".") and part != ".libs"
