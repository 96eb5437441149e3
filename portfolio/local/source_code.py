"""The function's own code between two builds: only changed files are compiled and checked."""

import io
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from zipfile import ZipFile, ZipInfo

from infra.errors import PackageError
from infra.package import Package
from infra.package.bytecode import bytecode_name
from infra.package.bytecode_worker import compile_source
from infra.package.dependencies import UNPACKED
from infra.package.manifest import file_sha256
from infra.package.omissions import check_imports
from infra.package.services import check_services
from portfolio.local.worker.sitecustomize import DEPENDENCIES
from portfolio.logs.tracebacks import shorten_tracebacks

type Sources = Mapping[str, bytes]
"""Contents of files by their path in the zip."""

_OWN_CODE: Final = "src/"


class SourceCode:
    """Makes small zips: the sources and the path of the dependencies, unpacked before."""

    def __init__(self, package: Package, folder: Path) -> None:
        """Unpack the dependencies of a package, and compile its sources.

        Args:
            package: a complete package.
            folder: a folder for the dependencies; it exists as long as the zips are in use.
        """
        self._dependencies = _unpacked(package) or _unpack(package, folder)
        self._compiled: dict[str, tuple[bytes, bytes]] = {}
        self._compile_changed(packaged_sources(package))

    def make_zip(self, sources: Sources) -> bytes:
        """Return a zip with the sources and their bytecode.

        Raises:
            PackageError: if a file does not compile, or does not fit the package.
        """
        self._compile_changed(sources)
        content = io.BytesIO()
        with ZipFile(content, "w") as target:
            target.writestr(DEPENDENCIES, str(self._dependencies))
            for name, source in sources.items():
                target.writestr(name, source)
                if name.endswith(".py"):
                    target.writestr(bytecode_name(name), self._compiled[name][1])
        return content.getvalue()

    def _compile_changed(self, sources: Sources) -> None:
        changed = {
            name: source
            for name, source in sources.items()
            if name.endswith(".py") and self._compiled.get(name, (None,))[0] != source
        }
        compiled = {name: (source, _compile(name, source)) for name, source in changed.items()}
        check_services(changed)
        check_imports(changed)
        self._compiled |= compiled


def small_package(package: Package, folder: Path) -> Package:
    """Return a package with a small zip: the emulator unpacks the zip for each worker.

    Args:
        package: a complete package; it is returned if its dependencies are not unpacked.
        folder: a folder for the zip; the path depends on the package.
    """
    dependencies = _unpacked(package)
    if dependencies is None:
        return package
    path = folder / f"code-{package.sha256[:16]}.zip"
    with ZipFile(package.path) as complete, ZipFile(path, "w") as target:
        target.writestr(ZipInfo(DEPENDENCIES), str(dependencies))
        for info in complete.infolist():
            if info.filename.startswith(_OWN_CODE):
                target.writestr(info, complete.read(info))
    return replace(package, path=path, sha256=file_sha256(path))


def _unpacked(package: Package) -> Path | None:
    return package.dependencies and package.dependencies.folder / UNPACKED


def _unpack(package: Package, folder: Path) -> Path:
    target = folder / f"dependencies-{package.sha256[:16]}"
    if not target.is_dir():
        with ZipFile(package.path) as source:
            names = [name for name in source.namelist() if not name.startswith(_OWN_CODE)]
            source.extractall(target, names)
    return target


def _compile(name: str, source: bytes) -> bytes:
    try:
        return compile_source(source, name)
    except SyntaxError as error:
        shown = "".join(traceback.format_exception_only(error)).rstrip()
        raise PackageError(shorten_tracebacks(shown).lstrip()) from None
    except (RecursionError, MemoryError):
        raise PackageError(f"backend/{name}:1: nested too deep") from None


def packaged_sources(package: Package) -> dict[str, bytes]:
    """Return the sources in a package."""
    with ZipFile(package.path) as source:
        names = [name for name in source.namelist() if name.startswith(_OWN_CODE)]
        return {name: source.read(name) for name in names if not name.endswith(".pyc")}
