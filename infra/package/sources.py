"""The function's own code."""

from contextlib import suppress
from pathlib import Path

from infra.errors import PackageError


def read_sources(project: Path) -> dict[str, bytes]:
    """Every file of `backend/src`, by its path in the zip, all read at one time.

    What the key is made from is thus what the zip is made from, even while somebody types.

    Raises:
        PackageError: if there is no code.
    """
    backend = project / "backend"
    sources: dict[str, bytes] = {}
    for path in sorted((backend / "src").rglob("*")):
        name = path.relative_to(backend).as_posix()
        # Editors save by replacing: a file seen a moment ago may be gone.
        with suppress(FileNotFoundError):
            if path.is_file() and not _is_by_product(name):
                sources[name] = path.read_bytes()
    if not sources:
        raise PackageError(f"{backend / 'src'} holds no code: there is nothing to package.")
    return sources


def write_sources(sources: dict[str, bytes], folder: Path) -> None:
    """Lay the files out again."""
    for name, content in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _is_by_product(name: str) -> bool:
    """Bytecode, and the hidden and `~` files of editors."""
    parts = name.split("/")
    return (
        "__pycache__" in parts
        or any(part.startswith(".") for part in parts)
        or name.endswith(("~", ".pyc"))
    )
