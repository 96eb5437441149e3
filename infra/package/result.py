"""What comes out of a build."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from infra.package.cache.entries import Entry
from infra.package.manifest import file_sha256, manifest_path

type Step = Literal["dependencies", "zip"]

REUSED: Final = "reused"
"""What becomes of a stage that had been built before."""


@dataclass(frozen=True)
class Package:
    """A zip that can be deployed; it stays where it is as long as this object lives."""

    path: Path
    """The same for the same content."""

    sha256: str
    """Of the zip, in hex."""

    size: int
    """Of the zip, in bytes."""

    manifest: Path
    """What the zip was made of, and what is in it."""

    manifest_sha256: str
    """Of the manifest, in hex."""

    steps: Mapping[Step, str]
    """What became of each stage: that it was reused, or why it was built."""

    entry: Entry | None = field(default=None, repr=False, compare=False)
    """Keeps the zip from being deleted."""

    @property
    def reused(self) -> frozenset[Step]:
        """The stages that had been built before."""
        return frozenset(step for step, result in self.steps.items() if result == REUSED)


def describe_package(entry: Entry, name: str, steps: Mapping[Step, str]) -> Package:
    """The package of this name in an entry."""
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
    )
