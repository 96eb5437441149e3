"""What it takes to build a package somewhere: on this machine, or in a container."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from infra.package.target import Target

type EngineName = Literal["container", "host"]

DEPENDENCIES: Final = "dependencies"
"""The folder beside an unpacked package that the links in it lead to."""

PROBE: Final = Path(__file__).with_name("health_probe.py")


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Wheels to install."""

    requirements: Path
    """A requirements file with hashes."""

    target: Target
    folder: Path
    """Where to install; there already, and empty."""

    project: Path
    """The checkout, whose `pyproject.toml` may name a package index."""

    @property
    def options(self) -> tuple[str, ...]:
        """The words for uv that are the same wherever it runs: what decides which wheels fit."""
        return (
            *("pip", "install", "--quiet", "--only-binary", ":all:", "--require-hashes"),
            *("--no-deps", "--python-platform", self.target.wheel_platform),
            *("--python-version", self.target.python),
        )


@dataclass(frozen=True, kw_only=True)
class Question:
    """An unpacked package, to be asked for `/health`."""

    task: Path
    """What Lambda would have in `/var/task`, but for links to `DEPENDENCIES` beside it."""

    dependencies: Path
    """The installed packages: most of the zip, unpacked already, and rarely new."""

    environment: Mapping[str, str]
    """All the variables the function has."""

    timeout: float = 60
    """Seconds it may take."""


class Engine(Protocol):
    """Where wheels are installed and the handler is asked; all else is done here in any case."""

    @property
    def key(self) -> Mapping[str, str]:
        """What of it goes into the key of the dependencies."""
        ...

    def runnable(self, target: Target) -> Target | None:
        """The target if it runs there, else the same for the machine there is, if known."""
        ...

    def install(self, installation: Installation) -> subprocess.CompletedProcess[str]:
        """Have uv install wheels; return what it did, whatever its exit code."""
        ...

    def ask(self, question: Question) -> subprocess.CompletedProcess[str]:
        """Run the probe on a package; return what it did, whatever its exit code.

        Raises:
            subprocess.TimeoutExpired: if it takes too long; it has been ended then.
        """
        ...
