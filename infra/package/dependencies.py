"""The first stage: the locked dependencies, installed for the target, compiled and compressed."""

import re
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.archive import append_files
from infra.package.bytecode import bytecode_files, compile_sources
from infra.package.engine import Engine, Installation
from infra.package.needed_files import needed_files
from infra.package.target import Target
from infra.package.uv import summarise

ARCHIVE: Final = "dependencies.zip"
"""In a dependency folder: the first part of every zip built on it."""

UNPACKED: Final = "unpacked"
"""In a dependency folder: the same files, unpacked."""

_NO_WHEEL: Final = re.compile(r"Because (?P<name>\S+?)==(?P<version>\S+) has no (?:usable )?wheels")


def install_dependencies(
    requirements: str, target: Target, folder: Path, *, project: Path, engine: Engine
) -> None:
    """Install wheels with uv, for the target wherever it runs.

    Args:
        requirements: a requirements file with hashes.
        target: what to install for.
        folder: where to install, made for it.
        project: the checkout, whose `pyproject.toml` may name a package index.
        engine: where uv runs.

    Raises:
        PackageError: if a dependency has no wheel for the target, or cannot be installed.
    """
    folder.mkdir()
    listed = folder.with_name("requirements.txt")
    listed.write_text(requirements)
    result = engine.install(
        Installation(requirements=listed, target=target, folder=folder, project=project)
    )
    if result.returncode:
        raise PackageError(_explain(result.stderr, target))


def pack_dependencies(installed: Path, folder: Path) -> None:
    """Compile and compress what was installed, the same way however it was.

    Args:
        installed: what an installer filled.
        folder: the dependency folder; gets `ARCHIVE` and `UNPACKED`.

    Raises:
        PackageError: if a dependency would lie where the function's own code does.
    """
    names = needed_files(installed)
    # Packages may carry files for other Pythons: those go without bytecode.
    compile_sources(installed, names)
    packed = names + bytecode_files(installed, names)
    append_files(folder / ARCHIVE, installed, packed)
    _link(installed, folder / UNPACKED, packed)


def _link(source: Path, target: Path, names: list[str]) -> None:
    """Give the target these files of the source; a link is much quicker than a copy."""
    for folder in sorted({(target / name).parent for name in names}):
        folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (target / name).hardlink_to(source / name)


def _explain(stderr: str, target: Target) -> str:
    missing = _NO_WHEEL.search(" ".join(stderr.split()))
    if missing:
        return (
            f"{missing['name']} {missing['version']} has no wheel for Python {target.python} on "
            f"{target.wheel_platform}. Pin a version in backend/pyproject.toml that has one, and "
            "run `uv lock`."
        )
    return f"The dependencies cannot be installed: {summarise(stderr)}"
