"""What `portfolio package` tells in the end: for people, and as JSON."""

import json
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING

from portfolio.inspection.sizes import format_size
from infra.package.manifest import manifest_path
from infra.package.result import REUSED

if TYPE_CHECKING:
    from infra.package import Package
    from infra.package.cache.entries import Cleared


def copy_package(package: "Package", output: Path) -> None:
    """Copy a zip, and its manifest beside it."""
    copyfile(package.path, output)
    copyfile(package.manifest, manifest_path(output))


def report_json(package: "Package", path: Path) -> str:
    """What was built, where it lies, and which stages were built, and why."""
    report = {
        "path": str(path),
        "sha256": package.sha256,
        "size": package.size,
        "manifest": str(manifest_path(path)),
        "manifest_sha256": package.manifest_sha256,
        "stages": {
            stage: {"reused": reason == REUSED, "reason": None if reason == REUSED else reason}
            for stage, reason in package.stages.items()
        },
    }
    return json.dumps(report, indent=2)


def report_cleared(cleared: "Cleared") -> str:
    """What emptying the cache brought."""
    stays = f"; what running builds use stays ({cleared.in_use})" if cleared.in_use else ""
    return f"Freed {format_size(cleared.freed)}{stays}."
