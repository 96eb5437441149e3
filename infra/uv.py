"""The `uv` that `uv.lock` pins, run as a program."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from uv import find_uv_bin

from infra.paths import ROOT


def run_uv(
    *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run uv in the checkout and return what it did, whatever its exit code.

    Args:
        arguments: uv's own words.
        environment: variables on top of ours.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return subprocess.run(  # noqa: S603 - our own words, no shell
        [find_uv_bin(), *map(str, arguments)],
        cwd=ROOT,
        env=inherited | dict(environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
