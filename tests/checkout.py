"""A copy of this checkout whose files a test may change."""

import os
import shutil
import subprocess
from pathlib import Path

from infra.paths import CACHE, ROOT
from infra.processes.environment import inherited_environment


def copy_checkout(target: Path) -> Path:
    """Copy what git tracks, and what it would, as it is in the working tree."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def clone_checkout(target: Path) -> Path:
    """Make a repository of a copy, as after a clone; uv is installed, if it is here."""
    copy_checkout(target)
    git(target, "init", "--quiet")
    git(target, "add", "--all")
    (target / CACHE.name).mkdir()
    if (CACHE / "uv").is_dir():
        (target / CACHE.name / "uv").symlink_to(CACHE / "uv")
    return target


def track(folder: Path) -> None:
    """Add all files of a repository to git, also those that it would ignore."""
    git(folder, "add", "--all", "--force")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, without the developer's own settings; return its output."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=inherited_environment() | {"GIT_CONFIG_GLOBAL": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
