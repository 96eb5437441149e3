"""This machine's settings of uv, passed on to uv in a container.

These are proxies, certificates and package indexes. Settings of pip or curl are not included,
because uv does not read them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from infra.package.container.command import Mount
from infra.package.uv import INHERITED_SETTINGS

_PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_PATHS: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSL_CLIENT_CERT", "NETRC", "UV_CONFIG_FILE")
"""Variables with the path of a file or folder."""

_OF_THIS_MACHINE: Final = ("UV_CACHE", "UV_CREDENTIALS", "UV_PYTHON")
"""Prefixes of variables not to pass on: their folders are useful on this machine only."""

_MOUNTED_IN: Final = "/run/portfolio-package"


def passed_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the container, with the paths in the container.

    Args:
        environment: the variables for uv on this machine.
    """
    plain = {name: value for name, value in environment.items() if _is_passed(name)}
    return plain | {name: f"{_MOUNTED_IN}/{name}" for name in _existing_paths(environment)}


def settings_mounts(environment: Mapping[str, str]) -> list[Mount]:
    """Return the mounts of the files and folders named in variables."""
    paths = _existing_paths(environment)
    return [Mount(path, f"{_MOUNTED_IN}/{name}") for name, path in paths.items()]


def _is_passed(name: str) -> bool:
    if name.upper() in _PROXIES:
        return True
    own = (*_OF_THIS_MACHINE, *_PATHS)
    return name.startswith(INHERITED_SETTINGS) and not name.startswith(own)


def _existing_paths(environment: Mapping[str, str]) -> dict[str, Path]:
    paths = {name: Path(environment[name]).resolve() for name in _PATHS if environment.get(name)}
    return {name: path for name, path in paths.items() if path.exists()}
