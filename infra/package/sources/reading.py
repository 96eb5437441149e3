"""Read the function's own code, and name the files that stay out of the zip."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.sources.left_out_imports import check_left_out_imports
from infra.package.sources.names import check_names
from infra.package.sources.secret_files import has_secret_name, holds_private_key
from infra.package.sources.tracked import Tracked, find_tracked
from infra.package.sources.tree import BACKEND, SOURCE, Found, find_files
from infra.processes.refusals import describe_refusal


class Reason(StrEnum):
    """The reason for leaving a file out of the zip."""

    UNTRACKED = "not in git"
    LIKE_A_KEY = "like a key or an environment file"


_WITHOUT_GIT: Final = (
    "no git repository here: each file of backend/src is added, except keys and environment files"
)


@dataclass(frozen=True)
class Sources:
    """The function's own code."""

    files: Mapping[str, bytes]
    """The contents by path in the zip."""

    left_out: Mapping[str, Reason]
    """The other files by path in the checkout, and folders with `/` at the end."""

    has_repository: bool
    """False in a checkout without git: each file counts as tracked then."""

    def notes(self) -> list[str]:
        """Return a line for each reason to leave files out, with their names."""
        by_reason: dict[Reason, list[str]] = defaultdict(list)
        for name, reason in self.left_out.items():
            by_reason[reason].append(name)
        lines = [f"left out, {reason}: {', '.join(by_reason[reason])}" for reason in by_reason]
        return lines if self.has_repository else [_WITHOUT_GIT, *lines]


def read_sources(project: Path) -> Sources:
    """Read each file of `backend/src` once.

    The cache key and the zip use these contents, even if a file is edited during the build.

    Raises:
        ToolMissingError: if the checkout is a git repository, but git is not on PATH.
        PackageError: if the folder has no code, a file cannot be read, a link leaves the
            checkout, or the code imports a file that is left out.
    """
    try:
        sources = _read(project.resolve())
    except OSError as error:
        raise PackageError(describe_refusal(error)) from error
    if not sources.files:
        raise PackageError(
            f"{project / BACKEND / SOURCE} has no files to package. Run this in a checkout."
        )
    check_names(sources.files)
    left_out = [name.removeprefix(f"{BACKEND}/") for name in sources.left_out]
    check_left_out_imports(sources.files, left_out)
    return sources


def write_sources(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _read(project: Path) -> Sources:
    tracked = find_tracked(project)
    files: dict[str, bytes] = {}
    left_out: dict[str, Reason] = {}
    for found in find_files(project, lambda folder: _find_reason(folder, tracked) is None):
        if reason := _find_reason(found, tracked):
            left_out[found.place] = reason
            continue
        # Editors save a file by replacing it, so it can be missing for a moment.
        with suppress(FileNotFoundError):
            content = found.path.read_bytes()
            if holds_private_key(found.name, content):
                left_out[found.place] = Reason.LIKE_A_KEY
            else:
                files[found.name] = content
    return Sources(files, left_out, has_repository=tracked is not None)


def _find_reason(found: Found, tracked: Tracked | None) -> Reason | None:
    """Return the reason to leave a file or folder out, by its name and by git."""
    if any(map(has_secret_name, found.file_names)):
        return Reason.LIKE_A_KEY
    if tracked and not tracked.has(found):
        return Reason.UNTRACKED
    return None
