"""Run the version of uv pinned in `uv.lock`."""

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
"""Variables of uv to pass on: indexes, credentials and network. All other `UV_*` are dropped,
because the lock and the arguments decide about the installed packages and their place."""


_OURS: Final = {
    "UV_PYTHON": sys.executable,
    "COLUMNS": "10000",  # keeps each error of uv on one line
}

_CAUSE: Final = re.compile(r"^\s*(?:error|cause):\s*(.*)$", re.MULTILINE)


def run_uv(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, project: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run uv with this Python and return the finished process, failed or not.

    Args:
        arguments: the arguments of uv.
        environment: variables to add to the inherited ones.
        project: the checkout to run in.
    """
    return subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [find_uv_bin(), *map(str, arguments)],
        cwd=project,
        env=_inherited() | _OURS | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def summarise(stderr: str) -> str:
    """Return uv's error and its root cause, without progress, indents and hints."""
    causes = [cause.rstrip(".") for cause in _CAUSE.findall(stderr)]
    if not causes:
        return stderr.strip() or "uv failed without a message"
    first, last = causes[0], causes[-1]
    return first if first == last else f"{first}: {last}"


def _inherited() -> dict[str, str]:
    return {
        name: value
        for name, value in inherited_environment().items()
        if name != "VIRTUAL_ENV"
        and (not name.startswith("UV_") or name.startswith(INHERITED_SETTINGS))
    }
