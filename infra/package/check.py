"""Checks of a built zip: its size and its shared objects."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from infra.errors import PackageError
from infra.package.inventory import Size, read_inventory
from infra.package.manifest import LARGEST, read_manifest
from infra.package.target import Target

_MEGABYTE: Final = 1024**2
_SHARED_OBJECT: Final = re.compile(r"\.so(\.\d+)*$")
_PYTHON_TAG: Final = re.compile(r"\.(cpython-\w+|(?:pypy|graalpy)\w+)[^.]*\.so$")
_ELF_HEADER_SIZE: Final = 20
_ELF_MACHINES: Final = {62: "x86_64", 183: "aarch64"}
"""`e_machine` of the ELF header: EM_X86_64 and EM_AARCH64 of the gABI."""

_REMEDY: Final = "Pin another version in backend/pyproject.toml and run `bin/uv lock`."


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Size limits of a package in MB; the defaults are Lambda's quotas.

    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """

    zipped: float = 50
    """Limit of the zip file, for a direct upload."""

    unzipped: float = 250
    """Limit of the unpacked files."""


def check_size(archive: Path, budget: Budget) -> None:
    """Compare the sizes in a zip's manifest with the budget.

    Raises:
        PackageError: if it is too large, zipped or unzipped; names the largest packages.
    """
    sizes = read_manifest(archive)["zip"]
    if sizes["zipped"] > budget.zipped * _MEGABYTE:
        raise _too_large(archive, "zipped", sizes["zipped"], budget.zipped)
    if sizes["unzipped"] > budget.unzipped * _MEGABYTE:
        raise _too_large(archive, "unzipped", sizes["unzipped"], budget.unzipped)


def check_shared_objects(archive: Path, target: Target) -> None:
    """Check each shared object of a zip against the target.

    Raises:
        PackageError: if one is for another machine or another Python.
    """
    with ZipFile(archive) as source:
        for name in filter(_SHARED_OBJECT.search, source.namelist()):
            with source.open(name) as content:
                _check_machine(name, content.read(_ELF_HEADER_SIZE), target)
            _check_python(name, target)


def _check_machine(name: str, header: bytes, target: Target) -> None:
    if header[:4] != b"\x7fELF":
        raise PackageError(f"{name} is not for Linux. {_REMEDY}")
    number = int.from_bytes(header[18:20], "little")
    machine = _ELF_MACHINES.get(number, f"ELF machine {number}")
    if machine != target.machine:
        raise PackageError(
            f"{name} is for {machine}, but the function runs on {target.machine}. {_REMEDY}"
        )


def _check_python(name: str, target: Target) -> None:
    """Accept names without a tag (plain libraries) and `abi3` (each later Python, PEP 384)."""
    tag = _PYTHON_TAG.search(name)
    if tag and tag[1] != target.python_tag:
        raise PackageError(
            f"{name} is for {tag[1]}, but the function runs on {target.python_tag}. {_REMEDY}"
        )


def _too_large(archive: Path, state: Size, size: int, limit: float) -> PackageError:
    largest = read_inventory(archive).packages(state)[:LARGEST]
    named = ", ".join(f"{each['name']} {_megabytes(each[state])}" for each in largest)
    return PackageError(
        f"The zip is {_megabytes(size)} {state}; the limit is {limit:g} MB. Largest packages: "
        f"{named}. Remove something from backend/pyproject.toml or backend/src, or raise the "
        f"stage setting packageMax{state.capitalize()}."
    )


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f} MB"
