"""The result of a build."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from infra.package.cache.entries import Entry
from infra.package.manifest import file_sha256, manifest_path

type Step = Literal["dependencies", "zip"]

REUSED: Final = "reused"
"""Value for a step with a cached result."""


@dataclass(frozen=True)
class Package:
    """A zip ready to deploy. The file exists as long as this object is alive."""

    path: Path
    """Path of the zip. The same content has the same path."""

    sha256: str
    """SHA-256 of the zip, in hex."""

    size: int
    """Size of the zip, in bytes."""

    manifest: Path
    """Path of the manifest: the inputs and contents of the zip."""

    manifest_sha256: str
    """SHA-256 of the manifest, in hex."""

    steps: Mapping[Step, str]
    """For each step: `REUSED`, or the reason to build it."""

    entry: Entry | None = field(default=None, repr=False, compare=False)
    """The cache entry in use. It keeps the zip from being deleted."""

    dependencies: Entry | None = field(default=None, repr=False, compare=False)
    """The cache entry with the unpacked dependencies; None if only the zip was cached."""

    left_out: Mapping[str, str] = field(default_factory=dict[str, str])
    """The files of `backend/src` that are not in the zip, by path, with the reason."""

    @property
    def reused(self) -> frozenset[Step]:
        """The steps with a cached result."""
        return frozenset(step for step, result in self.steps.items() if result == REUSED)


def describe_package(
    entry: Entry, name: str, steps: Mapping[Step, str], dependencies: Entry | None
) -> Package:
    """Return the package with this file name in a cache entry."""
    path = entry.folder / name
    manifest = manifest_path(path)
    return Package(
        path,
        file_sha256(path),
        path.stat().st_size,
        manifest,
        file_sha256(manifest),
        steps,
        entry,
        dependencies,
    )
