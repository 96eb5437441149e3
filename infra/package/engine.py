"""The interface of a build engine: this machine, or a container."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from infra.package.target import Target

type EngineName = Literal["container", "host"]

DEPENDENCIES: Final = "dependencies"
"""Name of the folder next to an unpacked package; links in the package point to it."""

PROBE: Final = Path(__file__).with_name("health_probe.py")


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A request to install wheels."""

    requirements: Path
    """A requirements file with hashes."""

    target: Target
    folder: Path
    """Folder to install into. It must exist and be empty."""

    project: Path
    """The checkout. Its `pyproject.toml` may name a package index."""

    @property
    def options(self) -> tuple[str, ...]:
        """Arguments for uv to select the wheels. They are the same for each engine."""
        return (
            *("pip", "install", "--quiet", "--only-binary", ":all:", "--require-hashes"),
            *("--no-deps", "--python-platform", self.target.wheel_platform),
            *("--python-version", self.target.python),
        )


@dataclass(frozen=True, kw_only=True)
class HealthRequest:
    """A request to call `/health` in an unpacked package."""

    task: Path
    """The content of Lambda's `/var/task`; dependencies are links to `DEPENDENCIES` next to it."""

    dependencies: Path
    """Folder with the installed packages. It is unpacked once and shared by builds."""

    environment: Mapping[str, str]
    """All environment variables of the function."""

    timeout: float = 60
    """Seconds before the call is stopped."""


class Engine(Protocol):
    """Installs the wheels and calls the handler. All other steps run on this machine."""

    @property
    def key(self) -> Mapping[str, str]:
        """Parts of the engine to include in the cache key of the dependencies."""
        ...

    def runnable(self, target: Target) -> Target | None:
        """Return the target if the engine can run it, else one for the engine's own machine.

        Return None if the engine's machine is unknown.
        """
        ...

    def install(self, installation: Installation) -> subprocess.CompletedProcess[str]:
        """Install wheels with uv and return the finished process, failed or not."""
        ...

    def call_health(self, request: HealthRequest) -> subprocess.CompletedProcess[str]:
        """Run the health probe on a package and return the finished process, failed or not.

        Raises:
            subprocess.TimeoutExpired: if the probe takes too long. It is stopped first.
        """
        ...
