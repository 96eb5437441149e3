"""The first step: install, compile and compress the locked dependencies."""

import re
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.archive import append_files
from infra.package.botocore_files import shorten_botocore_files
from infra.package.bytecode import bytecode_files, compile_sources
from infra.package.cache.shared import link_files
from infra.package.engine import Engine, Installation
from infra.package.needed_files import needed_files
from infra.package.target import Target
from infra.package.uv import summarise

ARCHIVE: Final = "dependencies.zip"
"""File in a dependency folder: the first part of each zip built from it."""

UNPACKED: Final = "unpacked"
"""Folder in a dependency folder: the same files, unpacked."""

_NO_WHEEL: Final = re.compile(r"Because (?P<name>\S+?)==(?P<version>\S+) has no (?:usable )?wheels")


def install_dependencies(
    requirements: str, target: Target, folder: Path, *, project: Path, engine: Engine
) -> None:
    """Install the target's wheels with uv.

    Args:
        requirements: the content of a requirements file with hashes.
        target: the platform of the wheels.
        folder: the folder to create and install into.
        project: the checkout. Its `pyproject.toml` may name a package index.
        engine: runs uv.

    Raises:
        PackageError: if the target's wheel of a dependency is missing, or the install fails.
    """
    folder.mkdir()
    listed = folder.with_name("requirements.txt")
    listed.write_text(requirements, encoding="utf-8")
    result = engine.install(
        Installation(requirements=listed, target=target, folder=folder, project=project)
    )
    if result.returncode:
        raise PackageError(_explain(result.stderr, target))


def pack_dependencies(installed: Path, folder: Path) -> None:
    """Compile and compress the installed files, the same way for each engine.

    Args:
        installed: the folder with the installed wheels.
        folder: the dependency folder, receives `ARCHIVE` and `UNPACKED`.

    Raises:
        PackageError: if a dependency installs into the folder of the function's own code, or
            botocore's certificates include none of Amazon's.
    """
    shorten_botocore_files(installed)
    names = needed_files(installed)
    # Packages may include files for other Pythons: those get no bytecode.
    compile_sources(installed, names)
    packed = names + bytecode_files(installed, names)
    append_files(folder / ARCHIVE, installed, packed)
    link_files(installed, folder / UNPACKED, packed)


def _explain(stderr: str, target: Target) -> str:
    missing = _NO_WHEEL.search(" ".join(stderr.split()))
    if missing:
        return (
            f"{missing['name']} {missing['version']} has no wheel for Python {target.python} on "
            f"{target.wheel_platform}. Pin another version in backend/pyproject.toml and "
            "run `bin/uv lock`."
        )
    return f"uv cannot install the dependencies: {summarise(stderr)}"
