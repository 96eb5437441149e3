"""Names of files that another machine would read differently."""

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from infra.errors import PackageError


def check_names(names: Iterable[str]) -> None:
    """Check the paths of files in the zip.

    Raises:
        PackageError: if a name is not UTF-8, or two differ only in case or in the form of a
            letter. macOS and Windows keep only one of the two.
    """
    seen: dict[str, str] = {}
    for name in names:
        _check_encoding(name)
        for path in (name, *map(str, PurePosixPath(name).parents)):
            first = seen.setdefault(_fold(path), path)
            if first != path:
                raise PackageError(
                    f"backend/{first} and backend/{path} differ only in case, and macOS and "
                    "Windows keep only one of them. Rename one."
                )


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _check_encoding(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        raise PackageError(f"The name of backend/{name} is not UTF-8. Rename it.") from None
