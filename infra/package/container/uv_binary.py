"""Find the uv program for a container, in the version pinned in `uv.lock`."""

import platform
import re
import sys
from pathlib import Path
from typing import Final

from uv import find_uv_bin

from infra.errors import PackageError
from infra.package.cache.entries import Cache, digest
from infra.package.engine import Installation
from infra.package.host_engine import HOST
from infra.package.target import Target
from infra.package.uv import run_uv, summarise
from infra.paths import CACHE, PROJECT, ROOT

_REQUIREMENT: Final = re.compile(r"^uv==.*(?:\n .*)*", re.MULTILINE)
_KEPT: Final = 2


def find_container_uv(target: Target) -> Path:
    """Return the path of uv for Linux; use this machine's own uv if it fits.

    Args:
        target: the platform of the image.

    Raises:
        PackageError: if it cannot be installed.
    """
    if sys.platform == "linux" and platform.machine() == target.machine:
        return Path(find_uv_bin())
    return install_uv(target)


def install_uv(target: Target, folder: Path = CACHE / "container-uv") -> Path:
    """Install uv for another machine from the lock, with hashes; cache it in a folder."""
    requirement = _locked_requirement()

    def make(entry: Path, scratch: Path) -> None:
        listed = scratch / "requirements.txt"
        listed.write_text(requirement, encoding="utf-8")
        result = HOST.install(
            Installation(requirements=listed, target=target, folder=entry, project=ROOT)
        )
        if result.returncode:
            raise PackageError(
                f"uv for the container cannot be installed: {summarise(result.stderr)}"
            )

    cache = Cache(folder, _KEPT)
    key = digest({"uv": requirement, "platform": target.wheel_platform})
    entry = cache.find(key) or cache.build(key, make)
    return entry.folder / "bin" / "uv"


def _locked_requirement() -> str:
    exported = run_uv(
        *("export", "--quiet", "--frozen", "--package", PROJECT),
        *("--no-dev", "--no-emit-workspace", "--no-header", "--no-annotate"),
    )
    found = _REQUIREMENT.search(exported.stdout)
    if not found:
        raise PackageError(f"uv is missing in {ROOT / 'uv.lock'}: {summarise(exported.stderr)}")
    return found[0]
