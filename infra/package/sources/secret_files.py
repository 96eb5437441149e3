"""Files that look like a key or an environment file: they must not go into a zip."""

import re
from fnmatch import fnmatchcase
from typing import Final

_NAMES: Final = (
    *(".env*", "*.env"),
    *("*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.ppk", "*.kdbx"),
    *("id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*"),
    *("credentials", "credentials.*", "secrets", "secrets.*", "client_secret*.json"),
    *(".git-credentials", ".htpasswd", ".netrc", "_netrc", ".npmrc", ".pgpass", ".pypirc"),
    *("*.tfstate", "*.tfvars"),
)
"""Patterns of names, in lower case."""

_PRIVATE_KEY: Final = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")


def has_secret_name(name: str) -> bool:
    """Return True if the name of a file, without its folder, is one of a key or environment file.

    Modules and packages of Python may have each name.
    """
    lower = name.lower()
    return not lower.endswith(".py") and any(fnmatchcase(lower, each) for each in _NAMES)


def holds_private_key(name: str, content: bytes) -> bool:
    """Return True if a file has a private key as text, and is not code."""
    return not name.endswith(".py") and bool(_PRIVATE_KEY.search(content))
