"""Run the version of uv pinned in `uv.lock`."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from uv import find_uv_bin

from infra.errors import PackageError
from infra.package.uv_config import UvConfigError, write_settings
from infra.paths import CACHE, ROOT
from infra.processes.environment import inherited_environment

INHERITED_SETTINGS: Final = (
    "UV_CACHE",
    "UV_CONCURRENT",
    "UV_CONFIG_FILE",
    "UV_CREDENTIALS",
    "UV_DEFAULT_INDEX",
    "UV_EXTRA_INDEX",
    "UV_FIND_LINKS",
    "UV_GCS",
    "UV_GITHUB_TOKEN",
    "UV_HTTP",
    "UV_INDEX",
    "UV_INSECURE_HOST",
    "UV_KEYRING",
    "UV_NATIVE_TLS",
    "UV_NO_INDEX",
    "UV_OFFLINE",
    "UV_PYPY_INSTALL_MIRROR",
    "UV_PYTHON_CACHE_DIR",
    "UV_PYTHON_DOWNLOADS",
    "UV_PYTHON_INSTALL_DIR",
    "UV_PYTHON_INSTALL_MIRROR",
    "UV_REQUEST",
    "UV_S3",
    "UV_SYSTEM_CERTS",
)
"""Beginnings of the variables of uv to pass on: indexes, credentials, network and caches.

All other `UV_*` are dropped, because the lock and the arguments decide about the installed packages
and their place. `bin/uv` has the same list.
"""

_SETTINGS: Final = "uv-settings"
"""The folder of uv's settings files in the cache."""

_OURS: Final = {
    "UV_PYTHON": sys.executable,
    "COLUMNS": "10000",  # keeps each error of uv on one line
}

_ENVIRONMENTS: Final = ("CONDA_PREFIX", "VIRTUAL_ENV")
"""Variables that name the user's Python environment; uv would install for its Python."""

_CACHE_FAILED: Final = "Failed to initialize cache"
_CACHE_ADVICE: Final = "Set UV_CACHE_DIR to a folder of your own."

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
        env=uv_environment(project) | _OURS | dict(environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def uv_environment(project: Path = ROOT) -> dict[str, str]:
    """Return the environment for uv: of the user, only where and how to download.

    Args:
        project: the checkout, with further settings in its `pyproject.toml`.

    Raises:
        PackageError: if a settings file of uv cannot be read.
    """
    inherited = {
        name: value
        for name, value in inherited_environment().items()
        if name not in _ENVIRONMENTS
        and (not name.startswith("UV_") or name.startswith(INHERITED_SETTINGS))
    }
    try:
        settings = write_settings(project.resolve(), CACHE / _SETTINGS, inherited)
    except UvConfigError as error:
        raise PackageError(str(error)) from None
    return inherited | ({"UV_CONFIG_FILE": str(settings)} if settings else {})


def summarise(stderr: str) -> str:
    """Return uv's error and its root cause in one line, without progress, indents and hints."""
    causes = [cause.rstrip(".") for cause in _CAUSE.findall(stderr)]
    if not causes:
        return stderr.strip() or "uv failed without a message"
    first, last = causes[0], causes[-1]
    reason = first if first == last else f"{first}: {last}"
    return f"{reason}. {_CACHE_ADVICE}" if _CACHE_FAILED in stderr else reason
