"""The environment for subprocesses.

Git exports variables to its hooks. They tie every git command to the hook's repository and index,
even in another folder.
"""

import os
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


def inherited_environment() -> dict[str, str]:
    """Return a copy of this process's environment without git's variables."""
    return {name: value for name, value in os.environ.items() if name not in GIT_VARIABLES}


def drop_git_variables() -> None:
    """Remove git's variables from this process's environment.

    Each entry point calls this first, because libraries start programs too: Pulumi's SDK starts
    the engine, botocore starts a profile's `credential_process`.
    """
    for name in GIT_VARIABLES:
        os.environ.pop(name, None)
