"""Paths of the checkout, relative to this file and independent of the working directory."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout."""

BACKEND: Final = ROOT / "backend"
"""The function's project: `pyproject.toml`, `src/`, `openapi.json`."""

OPENAPI: Final = BACKEND / "openapi.json"
"""The API's description, generated from the app and committed."""

CACHE: Final = ROOT / ".cache"
"""The project's own build results; safe to delete at any time."""
