"""Choices for the start of a local stage: its data, its owner, its origins, a debugger."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.errors import LocalStageError
from infra.paths import ROOT

KEPT: Final = ROOT / ".kept"
"""The folder of the kept data, with a folder for each port."""


@dataclass(frozen=True)
class StartOptions:
    """Choices for the start of a local stage."""

    owner_password: str | None = None
    """The owner's password; None for the kept one, or else a random one."""

    samples: bool = True
    """True if a new stage gets sample content."""

    kept: "KeptData | None" = None
    """Data of earlier starts; None to begin with an empty table."""

    origins: Sequence[str] = ()
    """Further origins for browsers to call from."""

    debug_port: int | None = None
    """The port for a debugger of the function; None without a debugger."""


@dataclass(frozen=True)
class KeptData:
    """A folder with the table, the users and the owner's password of earlier starts."""

    folder: Path

    def prepare(self) -> None:
        """Create the folder; only its owner may read it.

        Raises:
            LocalStageError: if it cannot be created.
        """
        try:
            for folder in (self.folder.parent, self.folder):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise LocalStageError(f"The data cannot be kept: {error}") from None

    def read_password(self) -> str | None:
        """Return the password of the kept owner, or None if no start was completed."""
        try:
            password: str = json.loads(self._owner.read_text(encoding="utf-8"))["password"]
        except FileNotFoundError:
            return None
        return password

    def write_password(self, password: str) -> None:
        """Note the owner's password; with it, the stage is complete."""
        self._owner.touch(mode=0o600)
        self._owner.write_text(json.dumps({"password": password}), encoding="utf-8")

    def saved_at(self) -> float:
        """Return the time of the last save, or 0."""
        file = self.folder / "dynamodb.json"
        return file.stat().st_mtime if file.exists() else 0

    @property
    def _owner(self) -> Path:
        return self.folder / "owner.json"


def kept_data(port: int) -> KeptData:
    """Return the kept data of the stage on a port: stages side by side do not share it."""
    return KeptData(KEPT / str(port))
