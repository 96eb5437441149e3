"""Small packages, built for a single test."""

import hashlib
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from infra.package import Package
from infra.paths import PROJECT


def make_package(folder: Path, code: str = "handler = None") -> Package:
    """Create a package with this code; the same code gives the same zip."""
    folder.mkdir(parents=True, exist_ok=True)
    zipped, manifest = folder / f"{PROJECT}.zip", folder / f"{PROJECT}.json"
    with ZipFile(zipped, "w") as archive:
        archive.writestr(ZipInfo("src/main.py"), code)
    manifest.write_text(code)
    return Package(
        zipped, _sha256(zipped), zipped.stat().st_size, manifest, _sha256(manifest), steps={}
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
