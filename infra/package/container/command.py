"""Docker, or a drop-in for it, run as a program."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from infra.errors import PackageError, ToolMissingError
from infra.processes.environment import inherited_environment

HOST_WAY: Final = "build without a container (--engine host, in a stage packageEngine: host)"

_CANNOT_START: Final = range(125, 128)
"""Exit codes that are Docker's own: it, or the container's first program, did not start."""


@dataclass(frozen=True)
class Mount:
    """A file or folder of this machine that a container sees."""

    source: Path
    target: str
    writable: bool = False

    def __str__(self) -> str:
        """The option's value, which is a line of CSV: names of folders may hold commas."""
        parts = ["type=bind", f"source={self.source}", f"target={self.target}"]
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(
            parts if self.writable else [*parts, "readonly"]
        )
        return line.getvalue()


@dataclass(frozen=True, kw_only=True)
class Container:
    """One program to run in a container of its own."""

    image: str
    command: Sequence[str]
    network: str
    mounts: Sequence[Mount]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: str = "/"


@dataclass(frozen=True)
class ContainerCommand:
    """The program that runs containers: docker, podman, finch, nerdctl, or its path."""

    program: str

    def run(
        self, container: Container, *, timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a container to its end as the caller's user; return what its program did.

        Raises:
            PackageError: if it does not start.
            subprocess.TimeoutExpired: if it takes too long; it has been ended then.
        """
        name = f"portfolio-package-{uuid4().hex}"
        options = self._options(container)
        try:
            result = self.call(
                *("run", "--rm", "--name", name, *options),
                *(container.image, *container.command[1:]),
                environment=container.environment,
                timeout=timeout,
            )
        except BaseException:
            # It is the client that has ended, not the container.
            self.call("kill", name)
            raise
        if result.returncode in _CANNOT_START:
            raise PackageError(f"{self.program} cannot run the image: {first_line(result.stderr)}")
        return result

    def inspect_image(self, reference: str) -> dict[str, Any] | None:
        """What is known of an image; `None` if it is not on this machine."""
        result = self.call("image", "inspect", reference)
        return json.loads(result.stdout)[0] if result.returncode == 0 else None

    def check_running(self) -> None:
        """Make sure that there is something behind the command.

        Raises:
            PackageError: if it does not answer.
        """
        result = self.call("version")
        if result.returncode:
            raise PackageError(
                f"{self.program} does not answer ({first_line(result.stderr)}): "
                f"start it, or {HOST_WAY}."
            )

    def call(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the program; return what it did, whatever its exit code.

        Args:
            arguments: its words.
            environment: variables on top of ours.
            timeout: seconds it may take.

        Raises:
            ToolMissingError: if there is no such program.
        """
        try:
            return subprocess.run(  # noqa: S603 - our own words, no shell
                [self.program, *arguments],
                env=inherited_environment() | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
                check=False,
            )
        except (FileNotFoundError, PermissionError):
            raise ToolMissingError(
                f"{self.program} is not on this machine: install Docker, Podman or Finch, say "
                f"which (--container-command, in a stage containerCommand), or {HOST_WAY}."
            ) from None

    def _options(self, container: Container) -> list[str]:
        return [
            *("--network", container.network, "--user", self._user()),
            *("--workdir", container.folder, "--entrypoint", container.command[0]),
            # Where SELinux is on, a container would not see a home folder's files.
            *("--security-opt", "label=disable"),
            *(word for mount in container.mounts for word in ("--mount", str(mount))),
            # By name alone: a proxy's password does not belong on a command line.
            *(word for name in container.environment for word in ("--env", name)),
        ]

    def _user(self) -> str:
        """The caller, by the number it has in the container."""
        own = f"{os.getuid()}:{os.getgid()}"
        if sys.platform != "linux" or os.getuid() == 0:
            return own
        info = self.call("info", "--format", "{{json .}}").stdout
        # Without root's rights, an engine makes the caller its containers' root: Docker and
        # nerdctl say so in the first way, Podman in the second.
        rootless = '"name=rootless"' in info or '"rootless":true' in info
        return "0:0" if rootless else own


def first_line(stderr: str) -> str:
    """What went wrong, without what to try next."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[0].strip().rstrip(".") if lines else "it says nothing"
