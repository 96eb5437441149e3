"""The environment for this process and its subprocesses.

Three kinds of variables are changed:

- Git exports variables to its hooks. They tie every git command to the hook's repository and index,
  even in another folder.
- Python reads variables such as `PYTHONOPTIMIZE`, which removes the docstrings that the OpenAPI
  description needs.
- Programs disagree about the case of proxy variables. gRPC takes `http_proxy` and ignores
  `NO_PROXY`, so it would send the calls of Pulumi's engine on loopback to a proxy.
"""

import os
import sys
import warnings
from collections.abc import Mapping
from typing import Final

GIT_VARIABLES: Final = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
"""The variables of one repository, as `git rev-parse --local-env-vars` lists them."""


_KEPT_OF_PYTHON: Final = ("PYTHONFAULTHANDLER", "PYTHONPATH", "PYTHONUNBUFFERED")
"""Variables of Python that do not change a result. `PYTHONPATH` is how this process found us."""

_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy", "grpc_proxy")
_EXCEPTIONS: Final = ("no_proxy", "NO_PROXY")
_GRPCS_OWN: Final = "no_grpc_proxy"
"""gRPC reads it instead of `no_proxy`, if it is set."""

_IGNORED_WARNINGS: Final = (
    *(DeprecationWarning, PendingDeprecationWarning),
    *(ImportWarning, ResourceWarning),
)
"""Warnings that Python ignores without an option."""

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


def inherited_environment() -> dict[str, str]:
    """Return the environment for a subprocess.

    It has no variables of git, and none of Python that change a result. If a proxy is set,
    loopback is an exception from it.
    """
    kept = {name: value for name, value in os.environ.items() if not _is_dropped(name)}
    return kept | _proxy_exceptions(kept)


def clean_environment() -> None:
    """Give this process the environment of its subprocesses.

    Each entry point calls this first, because libraries read variables and start programs too:
    Pulumi's SDK starts the engine, botocore starts a profile's `credential_process`.
    """
    clean = inherited_environment()
    for name in os.environ.keys() - clean.keys():
        del os.environ[name]
    os.environ.update(clean)
    _reset_warnings()


def _reset_warnings() -> None:
    """Ignore `PYTHONWARNINGS` and `-W`: with `error`, a library's warning would end a command."""
    if sys.warnoptions:
        sys.warnoptions.clear()
        warnings.resetwarnings()
        for category in _IGNORED_WARNINGS:
            warnings.simplefilter("ignore", category)


def _is_dropped(name: str) -> bool:
    # Names with an underscore, such as PYTHON_KEYRING_BACKEND, belong to others.
    is_pythons = name.startswith("PYTHON") and not name.startswith("PYTHON_")
    return name in GIT_VARIABLES or (is_pythons and name not in _KEPT_OF_PYTHON)


def _proxy_exceptions(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the lists of exceptions in each spelling, complete and equal."""
    if not any(variables.get(spelling) for name in _PROXIES for spelling in (name, name.upper())):
        return {}
    listed = (variables.get(name, "").split(",") for name in (*_EXCEPTIONS, _GRPCS_OWN))
    hosts = [*(host.strip() for each in listed for host in each), *_LOOPBACK]
    exceptions = ",".join(dict.fromkeys(filter(None, hosts)))
    names = (*_EXCEPTIONS, *({_GRPCS_OWN} & variables.keys()))
    return dict.fromkeys(names, exceptions)
