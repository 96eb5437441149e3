"""Where things lie, found from this file so that the working directory never matters."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
"""The checkout."""

BACKEND: Final = ROOT / "backend"
"""The function's project: `pyproject.toml`, `src/`, `openapi.json`."""

OPENAPI: Final = BACKEND / "openapi.json"
"""The API's description, generated from the app and committed."""

CACHE: Final = ROOT / ".cache"
"""What the project builds for itself and may delete at any time."""
