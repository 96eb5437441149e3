"""The manifest next to a zip: the inputs, the target and the contents of the zip.

It has no time, place or user, so the same source gives the same manifest. The digest of the
manifest identifies the build.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypedDict

from infra.package.cache.entries import digest
from infra.package.cache.key import LOCK, Parts
from infra.package.inventory import Distribution, Weight, read_inventory
from infra.package.target import Target

LARGEST: Final = 10
"""Number of packages in the list of the largest."""


class Origin(TypedDict):
    """The inputs, target and engine of a zip."""

    source_sha256: str
    """SHA-256 of the names and contents of `backend/src`."""

    lock_sha256: str
    """SHA-256 of the backend's requirements in `uv.lock`, with hashes."""

    engine: str
    """Engine of the dependencies: `host` or `container`."""

    image: str | None
    """Digest of the build image, or None without an image."""

    runtime: str
    architecture: str


class Zip(TypedDict):
    """The zip itself. Sizes are in bytes."""

    sha256: str
    zipped: int
    unzipped: int


class Manifest(Origin):
    """The content of the manifest file."""

    zip: Zip
    largest_packages: list[Weight]
    distributions: list[Distribution]


def describe_origin(sources: Mapping[str, bytes], parts: Parts, target: Target) -> Origin:
    """Return the origin of a zip; `parts` is the cache key of its dependencies."""
    return {
        "source_sha256": digest(sources),
        "lock_sha256": parts[LOCK],
        "engine": parts["engine"],
        "image": parts.get("image"),
        "runtime": f"python{target.python}",
        "architecture": target.architecture,
    }


def write_manifest(archive: Path, origin: Origin) -> None:
    """Write the manifest next to a zip; the same zip and origin give the same bytes."""
    inventory = read_inventory(archive)
    manifest: Manifest = {
        **origin,
        "zip": {
            "sha256": file_sha256(archive),
            "zipped": archive.stat().st_size,
            "unzipped": inventory.unzipped,
        },
        "largest_packages": inventory.packages()[:LARGEST],
        "distributions": inventory.distributions,
    }
    text = json.dumps(manifest, indent=2, sort_keys=True)
    manifest_path(archive).write_text(f"{text}\n", encoding="utf-8")


def read_manifest(archive: Path) -> Manifest:
    """Return the manifest next to a zip."""
    return json.loads(manifest_path(archive).read_text(encoding="utf-8"))


def manifest_path(archive: Path) -> Path:
    """Return the path of a zip's manifest."""
    return archive.with_suffix(".manifest.json")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
