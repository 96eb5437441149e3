"""The host engine: uv installs the target's wheels on this machine."""

import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from infra.package.engine import PROBE, HealthRequest, Installation
from infra.package.target import SYSTEMS, Target
from infra.package.uv import run_uv

_KEY: Final = MappingProxyType({"engine": "host"})


@dataclass(frozen=True)
class HostEngine:
    """Builds on this machine. It needs the project's own environment only."""

    @property
    def key(self) -> Mapping[str, str]:
        """Only the name: this machine does not change the installed files."""
        return _KEY

    def runnable(self, target: Target) -> Target | None:
        """Return the target for this machine, or None if the machine is unknown."""
        system = SYSTEMS.get(sys.platform)
        return target.on(platform.machine(), system) if system else None

    def install(self, installation: Installation) -> subprocess.CompletedProcess[str]:
        """Install wheels with the project's uv."""
        return run_uv(
            *installation.options,
            *("--target", installation.folder, "--requirements", installation.requirements),
            project=installation.project,
        )

    def call_health(self, request: HealthRequest) -> subprocess.CompletedProcess[str]:
        """Run the probe with this Python, isolated from the installed packages."""
        return subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [sys.executable, "-I", "-S", "-B", PROBE, request.task],
            cwd="/",
            env=dict(request.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=request.timeout,
            check=False,
        )


HOST: Final = HostEngine()
