"""The files in `backend/src`, with links followed inside the checkout."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from infra.errors import PackageError
from infra.package.sources.secret_files import has_secret_name

BACKEND: Final = "backend"
"""The folder in the checkout that the paths in the zip are relative to."""

SOURCE: Final = "src"
"""The folder of the code, in the zip and in `backend`."""


@dataclass(frozen=True)
class Found:
    """A file, or a folder that is not entered."""

    name: str
    """The path in the zip."""

    path: Path
    """The absolute path of the file itself, behind all links."""

    links: tuple[Path, ...] = ()
    """The absolute paths of the links on the way."""

    @property
    def place(self) -> str:
        """The path in the checkout. The name of a folder ends with `/`."""
        return f"{BACKEND}/{self.name}{'/' if self.path.is_dir() else ''}"

    @property
    def file_names(self) -> set[str]:
        """The names of the file and of the link to it; a folder has none."""
        return set() if self.path.is_dir() else {self.path.name, PurePosixPath(self.name).name}


def find_files(project: Path, enters: Callable[[Found], bool]) -> Iterator[Found]:
    """Yield the files in `backend/src`, sorted by name, without bytecode and editors' files.

    Args:
        project: the checkout, as an absolute path without links.
        enters: returns False for a folder to leave closed. It is yielded then, if it has files.

    Raises:
        PackageError: if a link leaves the checkout, has no target or leads to a folder above
            it, or if something is neither a file nor a folder.
    """
    root = project / BACKEND / SOURCE
    if root.is_dir():
        folder = Found(SOURCE, _resolve(root, project), (root,) if root.is_symlink() else ())
        yield from _find(folder, project, enters, (folder.path,))


def _find(
    folder: Found, project: Path, enters: Callable[[Found], bool], above: tuple[Path, ...]
) -> Iterator[Found]:
    for entry in sorted(folder.path.iterdir()):
        if _is_by_product(entry) or not (found := _follow(entry, folder, project)):
            continue
        if not found.path.is_dir():
            yield found
        elif found.path in above:
            raise PackageError(
                f"{found.place} is a link to a folder above it. Remove it, or link the files."
            )
        elif enters(found):
            yield from _find(found, project, enters, (*above, found.path))
        elif _has_files(found.path):
            yield found


def _follow(entry: Path, folder: Found, project: Path) -> Found | None:
    """Return an entry of a folder, behind its links; None if it has just been deleted."""
    name = f"{folder.name}/{entry.name}"
    links = (*folder.links, entry) if entry.is_symlink() else folder.links
    path = _resolve(entry, project, name) if entry.is_symlink() else entry
    # Editors save a file by replacing it, so it can be missing for a moment.
    if not path.exists():
        return None
    if not (path.is_file() or path.is_dir()):
        raise PackageError(
            f"{BACKEND}/{name} is a socket, a pipe or a device. Move it out of backend/src."
        )
    return Found(name, path, links)


def _resolve(link: Path, project: Path, name: str = SOURCE) -> Path:
    """Return the target of a link in the checkout."""
    try:
        path = link.resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        wrong = f"a link to {link.readlink()}, and nothing is there"
    except (OSError, RuntimeError):
        wrong = f"a link to {link.readlink()}, in a circle"
    else:
        if path.is_relative_to(project):
            return path
        wrong = f"a link to {path}, out of the checkout"
    raise PackageError(f"{BACKEND}/{name} is {wrong}. Put a file there, or remove the link.")


def _has_files(folder: Path) -> bool:
    """Return True if a folder has more than bytecode and editors' files."""
    entries = (entry for entry in folder.iterdir() if not _is_by_product(entry))
    return any(_has_files(entry) if _is_folder(entry) else True for entry in entries)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_by_product(path: Path) -> bool:
    """Return True for bytecode, for hidden files and folders, and for `~` files of editors."""
    name = path.name
    if name.startswith("."):
        return path.is_dir() or not has_secret_name(name)
    return name == "__pycache__" or name.endswith(("~", ".pyc"))
