"""List the files, import packages and installed distributions of a zip."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Final, Literal, TypedDict
from zipfile import BadZipFile, ZipFile, ZipInfo

from infra.errors import PackageError

_METADATA: Final = re.compile(r"[^/]+\.dist-info/METADATA")
_OWN_CODE: Final = "src/main.py"
_CLASSIFIER: Final = "License :: "
_SAYS_NOTHING: Final = frozenset({"", "UNKNOWN", "Dual License"})


type Size = Literal["zipped", "unzipped"]


class Weight(TypedDict):
    """The sizes of a package, in bytes."""

    name: str
    zipped: int
    unzipped: int


class Distribution(TypedDict):
    """A dependency: its name and version in a package index, and its licence."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class File:
    """A file of a zip."""

    name: str
    zipped: int
    unzipped: int
    checksum: int
    """CRC-32."""


@dataclass(frozen=True)
class Inventory:
    """The contents of a zip, sorted by name."""

    files: list[File]
    distributions: list[Distribution]

    @property
    def unzipped(self) -> int:
        """Size of all files unpacked, in bytes."""
        return sum(file.unzipped for file in self.files)

    def packages(self, order: Size = "unzipped") -> list[Weight]:
        """Return the packages, the largest first by the size in `order`."""
        files: dict[str, list[File]] = defaultdict(list)
        for file in self.files:
            if name := _package_name(file.name):
                files[name].append(file)
        weights = [_weigh(name, owned) for name, owned in files.items()]
        return sorted(weights, key=lambda weight: (-weight[order], weight["name"]))


def read_inventory(path: Path, *, check: bool = False) -> Inventory:
    """List the contents of a zip of this project.

    Args:
        path: the zip.
        check: True to read each file and compare its CRC.

    Raises:
        PackageError: if the file is missing, damaged, not a zip, or not a zip of this project.
    """
    try:
        with ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            files = [
                File(entry.filename, entry.compress_size, entry.file_size, entry.CRC)
                for entry in entries
            ]
            distributions: list[Distribution] = []
            for entry in entries:
                is_metadata = _METADATA.fullmatch(entry.filename)
                if check or is_metadata:
                    content = _read_file(archive, entry)
                    if is_metadata:
                        distributions.append(_distribution(content.decode(errors="replace")))
    except FileNotFoundError:
        raise PackageError(f"{path} does not exist.") from None
    except (BadZipFile, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PackageError(f"{path} is not a readable zip: {reason}.") from None
    if _OWN_CODE not in {file.name for file in files}:
        raise PackageError(f"{path} is not a zip of this project: {_OWN_CODE} is missing in it.")
    files.sort(key=lambda file: file.name)
    return Inventory(files, sorted(distributions, key=lambda each: each["name"].lower()))


def _read_file(archive: ZipFile, entry: ZipInfo) -> bytes:
    """Return a file's content after a check of its CRC.

    Raises:
        PackageError: if the file is damaged.
    """
    try:
        return archive.read(entry)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise PackageError(
            f"{archive.filename} is damaged: {entry.filename} cannot be read ({error}). "
            "Delete it and build it again: portfolio package."
        ) from None


def _weigh(name: str, files: Iterable[File]) -> Weight:
    zipped, unzipped = zip(*((file.zipped, file.unzipped) for file in files), strict=True)
    return {"name": name, "zipped": sum(zipped), "unzipped": sum(unzipped)}


def _package_name(file: str) -> str | None:
    """Return the import name of a file's package, or None for `*.dist-info`."""
    first, _, rest = file.removeprefix("__pycache__/").partition("/")
    if first.endswith(".dist-info"):
        return None
    return first if rest else first.partition(".")[0]


def _distribution(metadata: str) -> Distribution:
    headers = HeaderParser().parsestr(metadata)
    return {
        "name": headers.get("Name", "unknown"),
        "version": headers.get("Version", "unknown"),
        "licence": _licence(headers),
    }


def _licence(headers: Message) -> str:
    """Return the licence expression (PEP 639), or the name in older metadata, but no full text."""
    stated = headers.get("License-Expression") or headers.get("License", "")
    if stated not in _SAYS_NOTHING and "\n" not in stated:
        return stated
    classifiers: list[str] = headers.get_all("Classifier", [])
    names = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith(_CLASSIFIER)]
    return " AND ".join(sorted(names)) or "unknown"
