"""The files that git tracks."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from infra.errors import PackageError, ToolMissingError
from infra.package.sources.tree import BACKEND, SOURCE, Found
from infra.processes.git import start_git


@dataclass(frozen=True)
class Tracked:
    """The tracked files of a checkout and their folders, by path in the checkout."""

    project: Path
    files: frozenset[str]
    folders: frozenset[str]

    def has(self, found: Found) -> bool:
        """Return True if git tracks a file, or files in a folder, and the links on the way.

        Raises:
            PackageError: if the folder is a submodule without its files.
        """
        path = self._name(found.path)
        if path in self.files and found.path.is_dir():
            raise PackageError(
                f"{found.place} is a git submodule without its files. "
                "Run `git submodule update --init`."
            )
        known = path in self.files or path in self.folders
        return known and self.files.issuperset(map(self._name, found.links))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.project).as_posix()


def find_tracked(project: Path) -> Tracked | None:
    """Return the tracked files of a checkout, or None if it is not part of a git repository.

    A repository around the checkout counts only if it tracks the function's code.

    Raises:
        ToolMissingError: if git is not on PATH.
        PackageError: if git cannot list the files, or tracks none of the function's code.
    """
    repository = next((each for each in (project, *project.parents) if _has_git(each)), None)
    if repository is None:
        return None
    files = frozenset(_list_files(project))
    folders = frozenset(_folders(files))
    if f"{BACKEND}/{SOURCE}" in files | folders:
        return Tracked(project, files, folders)
    if repository != project:
        return None
    raise PackageError(
        f"git tracks no file of {project / BACKEND / SOURCE}. Run `git add backend`."
    )


def find_index(project: Path) -> Path | None:
    """Return the file that git writes for each `git add`, or None without a repository."""
    if find_tracked(project) is None:
        return None
    path = _run_git(project, "rev-parse", "--git-path", "index")
    return project / path.removesuffix("\n")


def _has_git(folder: Path) -> bool:
    # A linked worktree and a submodule have a file of this name.
    return (folder / ".git").exists()


def _list_files(project: Path) -> list[str]:
    listed = _run_git(project, "ls-files", "-z", "--cached", "--recurse-submodules")
    return [name for name in listed.split("\0") if name]


def _folders(files: Iterable[str]) -> set[str]:
    """Return the folders of these files, and those around them."""
    folders: set[str] = set()
    for file in files:
        folder = file.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _run_git(project: Path, *arguments: str) -> str:
    # The checkout may belong to another user. Its code runs anyway, so git may read it.
    options = ("-c", "safe.directory=*", "-c", "core.fsmonitor=false")
    try:
        finished = start_git(project, *options, *arguments)
    except FileNotFoundError:
        raise ToolMissingError(
            "git is not on PATH, but the zip gets only the files that git tracks. Install git."
        ) from None
    if finished.returncode:
        raise PackageError(f"git cannot list the files of {project}: {finished.stderr.strip()}")
    return finished.stdout
