"""The project's name, and paths of the checkout and of the user's cache."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

PROJECT: Final = "portfolio-api"
"""The project's name, and the namespace of its configuration."""

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout."""

BACKEND: Final = ROOT / "backend"
"""The function's project: `pyproject.toml`, `src/`, `openapi.json`."""

OPENAPI: Final = BACKEND / "openapi.json"
"""The API's description, generated from the app and committed."""

CACHE: Final = ROOT / ".cache"
"""The project's own build results; safe to delete at any time."""

CACHE_VARIABLE: Final = "PORTFOLIO_CACHE"
"""The environment variable with the folder of `user_cache`; nothing is shared if it is empty."""


def user_cache() -> Path | None:
    """Return the folder for what the user's checkouts share, in the user's one for caches.

    It is safe to delete at any time. `PORTFOLIO_CACHE` names another folder. None if that is
    empty or relative, if the user's folder is missing, or if the project's one belongs to another
    user: what it holds is executed.
    """
    with suppress(OSError, RuntimeError):  # RuntimeError: the user has no home folder
        folder = _choose_folder()
        if folder.is_absolute():
            folder.mkdir(mode=0o700, exist_ok=True)
            return folder if folder.stat().st_uid == os.geteuid() else None
    return None


def _choose_folder() -> Path:
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen is not None:
        return Path(chosen)
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    # https://specifications.freedesktop.org/basedir-spec/latest: a relative path is ignored.
    caches = given if given.is_absolute() else Path("~/.cache").expanduser()
    return caches / PROJECT
