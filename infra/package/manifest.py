"""The manifest beside a zip: what it was made of and for, and what is in it.

Nothing in it tells when, where or by whom it was made, so the same source gives the same
manifest, and its digest stands for all of it.
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
"""Packages that are named."""


class Origin(TypedDict):
    """What a zip was made of, for and with."""

    source_sha256: str
    """Of the names and contents of `backend/src`."""

    lock_sha256: str
    """Of what `uv.lock` pins for the backend, with hashes."""

    engine: str
    """How the dependencies were installed."""

    image: str | None
    """The build image's digest, if there was one."""

    runtime: str
    architecture: str


class Zip(TypedDict):
    """The zip itself; sizes in bytes."""

    sha256: str
    zipped: int
    unzipped: int


class Manifest(Origin):
    """All there is to know about a zip."""

    zip: Zip
    largest_packages: list[Weight]
    distributions: list[Distribution]


def describe_origin(sources: Mapping[str, bytes], parts: Parts, target: Target) -> Origin:
    """What a zip of these sources is made of, its dependencies being kept by `parts`."""
    return {
        "source_sha256": digest(sources),
        "lock_sha256": parts[LOCK],
        "engine": parts["engine"],
        "image": parts.get("image"),
        "runtime": f"python{target.python}",
        "architecture": target.architecture,
    }


def write_manifest(archive: Path, origin: Origin) -> None:
    """Describe a zip in a file beside it: the same bytes for the same zip and origin."""
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
    manifest_path(archive).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")


def read_manifest(archive: Path) -> Manifest:
    """The manifest that lies beside a zip."""
    return json.loads(manifest_path(archive).read_text())


def manifest_path(archive: Path) -> Path:
    """Where the manifest of a zip lies."""
    return archive.with_suffix(".manifest.json")


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
