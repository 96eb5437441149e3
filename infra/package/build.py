"""From lock and sources to one zip, in two stages that are each kept by what went into them."""

import hashlib
import platform
import shutil
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal

from infra.errors import PackageError
from infra.package.archive import append_files
from infra.package.bytecode import bytecode_files, check_compiler, compile_sources
from infra.package.cache import Cache, digest
from infra.package.check import Budget, check_shared_objects, check_size
from infra.package.dependencies import (
    ARCHIVE,
    UNPACKED,
    install_dependencies,
    pack_dependencies,
)
from infra.package.engine import Engine, Question
from infra.package.health import check_health
from infra.package.host import HOST
from infra.package.lock import export_requirements
from infra.package.sources import read_sources, write_sources
from infra.package.target import Target
from infra.paths import ROOT
from infra.uv_command import run_uv

type Stage = Literal["dependencies", "zip"]

_LAMBDA_QUOTAS: Final = Budget()
_DEPENDENCIES_KEPT: Final = 3
_ZIPS_KEPT: Final = 5


@dataclass(frozen=True)
class Package:
    """A zip that can be deployed."""

    path: Path
    """The same for the same content."""

    sha256: str
    """Of the zip, in hex."""

    size: int
    """Of the zip, in bytes."""

    reused: frozenset[Stage]
    """The stages that had been built before."""


def build_package(  # noqa: PLR0913 - by name, and most have a default
    target: Target,
    *,
    environment: Mapping[str, str],
    engine: Engine = HOST,
    project: Path = ROOT,
    progress: Callable[[str], None] = lambda _: None,
    budget: Budget = _LAMBDA_QUOTAS,
) -> Package:
    """Build the function's zip, or find the one built before from the same things.

    Args:
        target: Python and architecture of the function.
        environment: a made-up environment to answer `/health` with, complete and valid. It
            goes into neither zip nor key: a zip found again is not asked again.
        engine: where dependencies are installed and the handler is asked; the bytes are the
            same wherever.
        project: the checkout; the results are kept in its `.cache/package`.
        progress: told in a line what is being done.
        budget: the most the zip may weigh.

    Raises:
        PackageError: if there can be no zip that works; then there is none.
    """
    check_compiler(target)
    return _Build(target, environment, engine, project.resolve(), progress, budget).run()


@dataclass(frozen=True)
class _Build:
    """One run of the two stages."""

    target: Target
    environment: Mapping[str, str]
    engine: Engine
    project: Path
    progress: Callable[[str], None]
    budget: Budget

    def run(self) -> Package:
        requirements, sources = export_requirements(self.project), read_sources(self.project)
        dependency_key = _dependency_key(requirements, self.target, self.engine)
        zip_key = digest({"dependencies": dependency_key, "budget": repr(self.budget), **sources})
        kept = self.project / ".cache" / "package"
        dependency_cache = self._dependency_cache()
        zip_cache = Cache(kept / "zips", _ZIPS_KEPT)
        dependencies, archive = dependency_cache.find(dependency_key), zip_cache.find(zip_key)
        if archive:
            self.progress("zip: reused")
            return _describe(archive, zip_key, frozenset({"dependencies", "zip"}))
        reused: frozenset[Stage] = frozenset({"dependencies"} if dependencies else ())
        if dependencies:
            self.progress("dependencies: reused")
        else:
            make = partial(self._make_dependencies, requirements, self.target)
            dependencies = dependency_cache.build(dependency_key, make)
        archive = zip_cache.build(zip_key, partial(self._make_zip, dependencies, sources, zip_key))
        return _describe(archive, zip_key, reused)

    def _make_dependencies(
        self, requirements: str, target: Target, entry: Path, scratch: Path
    ) -> None:
        self.progress(f"dependencies: installing {requirements.count('==')} wheels")
        installed = scratch / "installed"
        install_dependencies(
            requirements, target, installed, project=self.project, engine=self.engine
        )
        self.progress("dependencies: compiling and compressing")
        pack_dependencies(installed, entry)

    def _make_zip(
        self, dependencies: Path, sources: dict[str, bytes], key: str, entry: Path, scratch: Path
    ) -> None:
        self.progress(f"zip: adding {len(sources)} files of backend/src")
        archive = entry / _file_name(key)
        shutil.copyfile(dependencies / ARCHIVE, archive)
        _add_sources(archive, sources, scratch)
        self._check(archive, dependencies, scratch)

    def _check(self, archive: Path, dependencies: Path, scratch: Path) -> None:
        check_size(archive, self.budget)
        check_shared_objects(archive, self.target)
        self._check_health(archive, dependencies, scratch)

    def _check_health(self, archive: Path, dependencies: Path, scratch: Path) -> None:
        """Ask the handler; where the target does not run, with the same lock for what does."""
        runnable = self.engine.runnable(self.target)
        if runnable is None:
            self.progress("zip: not asked for /health, no wheels run here")
            return
        if runnable != self.target:
            self.progress(f"zip: trying the same lock on {runnable.wheel_platform}")
            dependencies = self._dependencies_for(runnable)
        self.progress("zip: asking the handler for /health")
        question = Question(
            task=scratch / "health" / "task",
            dependencies=dependencies / UNPACKED,
            environment=self.environment,
        )
        check_health(archive, question, self.engine)

    def _dependencies_for(self, target: Target) -> Path:
        requirements, cache = export_requirements(self.project), self._dependency_cache()
        key = _dependency_key(requirements, target, self.engine)
        make = partial(self._make_dependencies, requirements, target)
        return cache.find(key) or cache.build(key, make)

    def _dependency_cache(self) -> Cache:
        return Cache(self.project / ".cache" / "package" / "dependencies", _DEPENDENCIES_KEPT)


def _add_sources(archive: Path, sources: dict[str, bytes], folder: Path) -> None:
    write_sources(sources, folder)
    broken = compile_sources(folder, sources)
    if broken:
        raise PackageError(f"backend/{broken[0]}")
    append_files(archive, folder, [*sources, *bytecode_files(folder, sources)])


def _dependency_key(requirements: str, target: Target, engine: Engine) -> str:
    """A changed builder, or another compiler or compressor, never finds what an old one made."""
    return digest(
        {
            "requirements": requirements,
            "python": target.python,
            "architecture": target.architecture,
            "system": target.system,
            **engine.key,
            "uv": run_uv("--version").stdout,
            "compiler": f"{platform.python_implementation()} {platform.python_version()}",
            "compressor": zlib.ZLIB_RUNTIME_VERSION,
            "builder": _builder_version(),
        }
    )


def _builder_version() -> str:
    files = Path(__file__).parent.glob("*.py")
    return digest({path.name: path.read_bytes() for path in files})


def _file_name(key: str) -> str:
    return f"portfolio-api-{key[:16]}.zip"


def _describe(entry: Path, key: str, reused: frozenset[Stage]) -> Package:
    path = entry / _file_name(key)
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return Package(path, sha256, path.stat().st_size, reused)
