"""Build one zip from the lock and the sources, in two cached steps."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.archive import append_files
from infra.package.bytecode import bytecode_files, check_compiler, compile_sources
from infra.package.cache.entries import Cache, Entry, digest
from infra.package.cache.explanation import explain_build
from infra.package.cache.key import Parts, dependency_parts, write_parts, zip_parts
from infra.package.cache.shared import SharedCache
from infra.package.cache.storage import dependency_cache, zip_cache
from infra.package.check import Budget, check_shared_objects, check_size
from infra.package.dependencies import (
    ARCHIVE,
    UNPACKED,
    install_dependencies,
    pack_dependencies,
)
from infra.package.engine import Engine, HealthRequest
from infra.package.health import check_health
from infra.package.host_engine import HOST
from infra.package.lock import export_requirements
from infra.package.manifest import Origin, describe_origin, write_manifest
from infra.package.omissions import check_imports
from infra.package.result import REUSED, Package, Step, describe_package
from infra.package.services import check_services
from infra.package.sources.reading import Sources, read_sources, write_sources
from infra.package.target import Target
from infra.paths import PROJECT, ROOT

_LAMBDA_QUOTAS: Final = Budget()


def build_package(  # noqa: PLR0913 - by name, and most have a default
    target: Target,
    *,
    environment: Mapping[str, str],
    engine: Engine = HOST,
    project: Path = ROOT,
    progress: Callable[[str], None] = lambda _: None,
    budget: Budget = _LAMBDA_QUOTAS,
    shared: bool = False,
) -> Package:
    """Build the function's zip, or return the cached zip of the same inputs.

    Args:
        target: Python and architecture of the function.
        environment: complete, valid placeholder variables for the `/health` check. They are not
            part of the cache key: a cached zip is not checked again.
        engine: installs the dependencies and calls the handler. Each gives the same bytes.
        project: the checkout. Results are cached in its `.cache/package`.
        progress: called with one line for each step.
        budget: the size limits of the zip.
        shared: True to use the results of the user's other checkouts, and to share these.

    Raises:
        PackageError: if the zip cannot be built or does not work. Nothing is cached then.
    """
    check_compiler(target)
    project = project.resolve()
    sources = _read_sources(project, progress)
    package = _Build(
        target=target,
        environment=environment,
        engine=engine,
        project=project,
        progress=progress,
        budget=budget,
        shared=shared,
        sources=sources.files,
        requirements=export_requirements(project, docs=target.docs),
    ).run()
    return replace(package, left_out=sources.left_out)


def _read_sources(project: Path, progress: Callable[[str], None]) -> Sources:
    """Return the function's own code, after a line for the files that are left out."""
    sources = read_sources(project)
    for note in sources.notes():
        progress(f"zip: {note}")
    return sources


@dataclass(frozen=True)
class _Build:
    """One run of the two steps, `dependencies` and `zip`."""

    target: Target
    environment: Mapping[str, str]
    engine: Engine
    project: Path
    progress: Callable[[str], None]
    budget: Budget
    shared: bool
    sources: Mapping[str, bytes]
    requirements: str

    def run(self) -> Package:
        parts = dependency_parts(self.requirements, self.target, self.engine)
        all_parts = zip_parts(parts, self.sources)
        zips = zip_cache(self.project, shared=self.shared)
        name = f"{PROJECT}-{digest(all_parts)[:16]}.zip"
        # Look the dependencies up even if the zip is cached: this marks them as used.
        dependencies = self._dependencies().find(digest(parts))
        archive = zips.find(digest(all_parts))
        if archive:
            self.progress(f"zip: {REUSED}")
            check_size(archive.folder / name, self.budget)
            steps: Mapping[Step, str] = {"dependencies": REUSED, "zip": REUSED}
            return describe_package(archive, name, steps, dependencies)
        dependencies, installed = self._provide_dependencies(self.target)
        self.progress(f"dependencies: {installed}")
        origin = describe_origin(self.sources, parts, self.target)
        make = partial(self._make_zip, dependencies.folder, origin, name)
        archive, zipped = _provide(zips, all_parts, make)
        self.progress(f"zip: {zipped}")
        steps = {"dependencies": installed, "zip": zipped}
        return describe_package(archive, name, steps, dependencies)

    def _dependencies(self) -> Cache | SharedCache:
        return dependency_cache(self.project, shared=self.shared)

    def _provide_dependencies(self, target: Target) -> tuple[Entry, str]:
        parts = dependency_parts(self.requirements, target, self.engine)
        make = partial(self._make_dependencies, target)
        return _provide(self._dependencies(), parts, make)

    def _make_dependencies(self, target: Target, entry: Path, scratch: Path) -> None:
        self.progress(f"dependencies: installing {self.requirements.count('==')} wheels")
        installed = scratch / "installed"
        install_dependencies(
            self.requirements, target, installed, project=self.project, engine=self.engine
        )
        self.progress("dependencies: compiling and compressing")
        pack_dependencies(installed, entry)

    def _make_zip(
        self, dependencies: Path, origin: Origin, name: str, folder: Path, scratch: Path
    ) -> None:
        self.progress(f"zip: adding {len(self.sources)} files from backend/src")
        archive = folder / name
        shutil.copyfile(dependencies / ARCHIVE, archive)
        _add_sources(archive, self.sources, scratch)
        write_manifest(archive, origin)
        check_size(archive, self.budget)
        check_shared_objects(archive, self.target)
        self._check_health(archive, dependencies, scratch)

    def _check_health(self, archive: Path, dependencies: Path, scratch: Path) -> None:
        """Call the handler; use this machine's wheels of the same lock if the target cannot run."""
        runnable = self.engine.runnable(self.target)
        if runnable is None:
            self.progress("zip: skipping the /health check, this machine cannot run the wheels")
            return
        if runnable != self.target:
            self.progress(f"zip: testing the same lock on {runnable.wheel_platform}")
            in_use, _ = self._provide_dependencies(runnable)
            dependencies = in_use.folder
        self.progress("zip: calling /health")
        request = HealthRequest(
            task=scratch / "health" / "task",
            dependencies=dependencies / UNPACKED,
            environment=self.environment,
        )
        check_health(archive, request, self.engine)


def _add_sources(archive: Path, sources: Mapping[str, bytes], folder: Path) -> None:
    write_sources(sources, folder)
    broken = compile_sources(folder, sources)
    if broken:
        raise PackageError(f"backend/{broken[0]}")
    check_services(sources)
    check_imports(sources)
    append_files(archive, folder, [*sources, *bytecode_files(folder, sources)])


def _provide(
    cache: Cache | SharedCache, parts: Parts, make: Callable[[Path, Path], None]
) -> tuple[Entry, str]:
    """Return the result of these parts, cached or new, and `REUSED` or the reason to build it."""

    def make_and_note(folder: Path, scratch: Path) -> None:
        make(folder, scratch)
        write_parts(parts, folder)

    key = digest(parts)
    entry = cache.find(key)
    if entry:
        return entry, REUSED
    reason = explain_build(parts, cache.recent())
    return cache.build(key, make_and_note), reason
