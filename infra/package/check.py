"""What a zip must fulfil before it counts as built, as far as it can be read off its files."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from infra.errors import PackageError
from infra.package.target import Target

_SHARED_OBJECT: Final = re.compile(r"\.so(\.\d+)*$")
_PYTHON_TAG: Final = re.compile(r"\.(cpython-\w+|(?:pypy|graalpy)\w+)[^.]*\.so$")
_ELF_HEADER_SIZE: Final = 20
_ELF_MACHINES: Final = {62: "x86_64", 183: "aarch64"}
"""`e_machine` of the ELF header: EM_X86_64 and EM_AARCH64 of the gABI."""

_REMEDY: Final = "Pin another version in backend/pyproject.toml and run `uv lock`."


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The most a package may weigh, in bytes; by default Lambda's own quotas.

    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """

    zipped: int = 50 * 1024**2
    """A direct upload."""

    unzipped: int = 250 * 1024**2
    """What Lambda unpacks."""


def check_size(archive: Path, budget: Budget) -> None:
    """Hold a zip against the budget.

    Raises:
        PackageError: if it is too large, zipped or unpacked.
    """
    with ZipFile(archive) as source:
        unzipped = sum(entry.file_size for entry in source.infolist())
    sizes = {
        "zipped": (archive.stat().st_size, budget.zipped),
        "unpacked": (unzipped, budget.unzipped),
    }
    for state, (size, limit) in sizes.items():
        if size > limit:
            raise PackageError(
                f"The zip is {_megabytes(size)} {state}, and may be {_megabytes(limit)}. Take "
                "something out of backend/src or out of the dependencies in backend/pyproject.toml."
            )


def check_shared_objects(archive: Path, target: Target) -> None:
    """Make sure that every shared object of a zip runs on the target.

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
        raise PackageError(f"{name} is for something else than Linux. {_REMEDY}")
    number = int.from_bytes(header[18:20], "little")
    machine = _ELF_MACHINES.get(number, f"ELF machine {number}")
    if machine != target.machine:
        raise PackageError(f"{name} is for {machine}, the function for {target.machine}. {_REMEDY}")


def _check_python(name: str, target: Target) -> None:
    """Untagged names are plain libraries; `abi3` fits every later Python (PEP 384)."""
    tag = _PYTHON_TAG.search(name)
    if tag and tag[1] != target.python_tag:
        raise PackageError(
            f"{name} is for {tag[1]}, the function for {target.python_tag}. {_REMEDY}"
        )


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f} MB"
