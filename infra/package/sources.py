"""The function's own code."""

from contextlib import suppress
from pathlib import Path

from infra.errors import PackageError


def read_sources(project: Path) -> dict[str, bytes]:
    """Read each file of `backend/src` once and return the contents by path in the zip.

    The cache key and the zip use these contents, even if a file is edited during the build.

    Raises:
        PackageError: if the folder has no code.
    """
    backend = project / "backend"
    sources: dict[str, bytes] = {}
    for path in sorted((backend / "src").rglob("*")):
        name = path.relative_to(backend).as_posix()
        # Editors save a file by replacing it, so it can be missing for a moment.
        with suppress(FileNotFoundError):
            if path.is_file() and not _is_by_product(name):
                sources[name] = path.read_bytes()
    if not sources:
        raise PackageError(f"{backend / 'src'} has no files to package. Run this in a checkout.")
    return sources


def write_sources(sources: dict[str, bytes], folder: Path) -> None:
    """Write the files into a folder."""
    for name, content in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _is_by_product(name: str) -> bool:
    """Return True for bytecode and for hidden and `~` files of editors."""
    parts = name.split("/")
    return (
        "__pycache__" in parts
        or any(part.startswith(".") for part in parts)
        or name.endswith(("~", ".pyc"))
    )
