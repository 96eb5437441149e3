"""The `uv` that `uv.lock` pins, run as a program."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from uv import find_uv_bin

from infra.paths import ROOT
from infra.processes.environment import inherited_environment

INHERITED_SETTINGS: Final = (
    "UV_CACHE",
    "UV_CONCURRENT",
    "UV_CONFIG_FILE",
    "UV_CREDENTIALS",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX",
    "UV_FIND_LINKS",
    "UV_HTTP",
    "UV_INDEX",
    "UV_INSECURE_HOST",
    "UV_KEYRING",
    "UV_NATIVE_TLS",
    "UV_OFFLINE",
    "UV_REQUEST",
    "UV_SYSTEM_CERTS",
)
"""Where packages come from, and how they travel. All other `UV_*` say what is installed or
where it goes, which the lock and our own words decide."""


_OURS: Final = {
    "UV_PYTHON": sys.executable,
    "COLUMNS": "10000",  # else uv breaks its reasons into lines
}

_CAUSE: Final = re.compile(r"^\s*(?:error|cause):\s*(.*)$", re.MULTILINE)


def run_uv(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, project: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run uv with the Python that runs us and return what it did, whatever its exit code.

    Args:
        arguments: uv's own words.
        environment: variables on top of ours.
        project: the checkout to work in.
    """
    return subprocess.run(  # noqa: S603 - our own words, no shell
        [find_uv_bin(), *map(str, arguments)],
        cwd=project,
        env=_inherited() | _OURS | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def summarise(stderr: str) -> str:
    """The outcome and its root cause, without uv's progress, indents and hints."""
    causes = [cause.rstrip(".") for cause in _CAUSE.findall(stderr)]
    if not causes:
        return stderr.strip() or "uv failed without a word"
    first, last = causes[0], causes[-1]
    return first if first == last else f"{first}: {last}"


def _inherited() -> dict[str, str]:
    return {
        name: value
        for name, value in inherited_environment().items()
        if name != "VIRTUAL_ENV"
        and (not name.startswith("UV_") or name.startswith(INHERITED_SETTINGS))
    }
