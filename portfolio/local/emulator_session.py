"""boto3 sessions for the emulator: they read no AWS configuration of the user.

A profile without a definition, a broken file or a wrong `AWS_…` variable would stop boto3. The
emulator needs none of them.
"""

import os
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.session import Session

EMULATOR_CONFIG: Final = Config(proxies={}, retries={"total_max_attempts": 1})
"""Configuration of the emulator's clients: no proxy and no retries, as it is on this machine."""

_FILES: Final = ("config_file", "credentials_file")
"""botocore's variables with the path of a file of the user."""


def open_emulator_session(key: str, region: str) -> boto3.Session:
    """Return a session that reads no configuration.

    Args:
        key: the access key and the secret key.
        region: the region of its clients.
    """
    own: Any = unconfigured_session()
    own.set_credentials(key, key)
    return boto3.Session(botocore_session=own, region_name=region)


def unconfigured_session() -> Session:
    """Return a session of botocore in which each of its variables has the default."""
    known: dict[str, tuple[Any, Any, Any, Any]] = BOTOCORE_DEFAUT_SESSION_VARIABLES
    defaults = {
        name: (None, None, default, conversion)
        for name, (_, _, default, conversion) in known.items()
    }
    hidden = dict.fromkeys(_FILES, (None, None, os.devnull, None))
    return Session(session_vars=defaults | hidden)
