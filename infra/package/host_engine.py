"""The host way: wheels installed by uv for the target, on whatever machine this is."""

import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from infra.package.engine import PROBE, Installation, Question
from infra.package.target import SYSTEMS, Target
from infra.package.uv import run_uv

_KEY: Final = MappingProxyType({"engine": "host"})


@dataclass(frozen=True)
class HostEngine:
    """This machine: needs nothing that is not in the project's own environment."""

    @property
    def key(self) -> Mapping[str, str]:
        """No part of this machine has a say in what is installed."""
        return _KEY

    def runnable(self, target: Target) -> Target | None:
        """The target for this machine."""
        system = SYSTEMS.get(sys.platform)
        return target.on(platform.machine(), system) if system else None

    def install(self, installation: Installation) -> subprocess.CompletedProcess[str]:
        """Run the project's uv."""
        return run_uv(
            *installation.options,
            *("--target", installation.folder, "--requirements", installation.requirements),
            project=installation.project,
        )

    def ask(self, question: Question) -> subprocess.CompletedProcess[str]:
        """Run this Python, which sees the package and the environment alone."""
        return subprocess.run(  # noqa: S603 - our own words, no shell
            [sys.executable, "-I", "-S", "-B", PROBE, question.task],
            cwd="/",
            env=dict(question.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=question.timeout,
            check=False,
        )


HOST: Final = HostEngine()
