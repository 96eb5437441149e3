"""The size of the zip by distribution."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING, Final

from infra.package.inventory import Distribution, File, read_inventory
from portfolio.inspection.sizes import format_size

if TYPE_CHECKING:
    from pathlib import Path

_OWN: Final = "src"
_OWN_CODE: Final = "our code"
_METADATA: Final = ".dist-info"


@dataclass(frozen=True)
class Part:
    """A distribution, or our own code."""

    name: str
    version: str
    licence: str
    zipped: str
    unzipped: str
    share: str
    """The per cent of the unzipped size, for the picture."""


@dataclass(frozen=True)
class PackageSizes:
    """The parts of a zip, the largest first."""

    zipped: str
    unzipped: str
    parts: list[Part]


def measure_parts(path: "Path") -> PackageSizes:
    """Return the sizes of a zip's distributions.

    Raises:
        PackageError: if the file is missing, or is not a zip of this project.
    """
    inventory = read_inventory(path)
    known = {_normalise(each["name"]): each for each in inventory.distributions}
    # The zip has no lists of files. The same distributions are installed here, from `uv.lock`.
    installed = {
        package: next((name for name in names if _normalise(name) in known), package)
        for package, names in _read_installed().items()
    }
    zipped, unzipped = Counter[str](), Counter[str]()
    for file in inventory.files:
        name = _find_owner(file, installed)
        zipped[name] += file.zipped
        unzipped[name] += file.unzipped
    parts = [
        _describe(known.get(name), name, zipped[name], size, inventory.unzipped)
        for name, size in unzipped.most_common()
    ]
    return PackageSizes(format_size(zipped.total()), format_size(unzipped.total()), parts)


@cache
def _read_installed() -> Mapping[str, list[str]]:
    """Return the distributions of each import package here; a list of 150 takes a moment."""
    return packages_distributions()


def _find_owner(file: File, installed: Mapping[str, str]) -> str:
    """Return the normalised name of a file's distribution, or the name of its folder."""
    first, _, rest = file.name.removeprefix("__pycache__/").partition("/")
    if first == _OWN:
        return _OWN_CODE
    if _METADATA in first:
        return _normalise(first.partition("-")[0])
    package = first if rest else first.partition(".")[0]
    return _normalise(installed.get(package, package))


def _describe(
    found: Distribution | None, name: str, zipped: int, unzipped: int, total: int
) -> Part:
    return Part(
        found["name"] if found else name,
        found["version"] if found else "",
        found["licence"] if found else "",
        format_size(zipped),
        format_size(unzipped),
        f"{100 * unzipped / total:.1f}",
    )


def _normalise(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
