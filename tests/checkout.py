"""A copy of this checkout whose files a test may change."""

import shutil
import subprocess
from pathlib import Path

from infra.paths import ROOT


def copy_checkout(target: Path) -> Path:
    """Copy what git tracks, and what it would, as it is in the working tree."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target
