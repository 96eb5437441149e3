"""The project's name, and paths of the checkout, independent of the working directory."""

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
