"""Run Docker, or a compatible program."""

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
from infra.processes.answers import NoAnswerError, ask
from infra.processes.environment import inherited_environment

WITHOUT_CONTAINER: Final = (
    "build without a container (--engine host, or packageEngine: host in the stage)"
)

_PATIENCE: Final = 30.0
"""Seconds for an answer of the container service."""

_CANNOT_START: Final = range(125, 128)
"""Docker's own exit codes: the container or its program did not start."""


@dataclass(frozen=True)
class Mount:
    """A file or folder of this machine, mounted in a container."""

    source: Path
    target: str
    writable: bool = False

    def __str__(self) -> str:
        """Return the value of `--mount`. It is a line of CSV, so folder names may have commas."""
        parts = ["type=bind", f"source={self.source}", f"target={self.target}"]
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(
            parts if self.writable else [*parts, "readonly"]
        )
        return line.getvalue()


@dataclass(frozen=True, kw_only=True)
class Container:
    """A program to run in a new container."""

    image: str
    command: Sequence[str]
    network: str
    mounts: Sequence[Mount]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: str = "/"


@dataclass(frozen=True)
class ContainerCommand:
    """The container program: docker, podman, finch, nerdctl, or a path."""

    program: str

    def run(
        self, container: Container, *, timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a container as the current user, wait for it, and return the finished process.

        Raises:
            PackageError: if it does not start.
            subprocess.TimeoutExpired: if it takes too long. It is stopped first.
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
            # The client has ended, but the container still runs.
            self.call("kill", name)
            raise
        if result.returncode in _CANNOT_START:
            raise PackageError(f"{self.program} cannot run the image: {first_line(result.stderr)}")
        return result

    def inspect_image(self, reference: str) -> dict[str, Any] | None:
        """Return the details of an image, or None if it is not on this machine.

        Raises:
            ToolMissingError: if the program is missing or does not run.
            PackageError: if it hangs, or is not compatible with Docker.
        """
        result = self._ask("image", "inspect", reference)
        if result.returncode:
            return None
        try:
            return json.loads(result.stdout)[0]
        except (ValueError, LookupError):
            raise PackageError(
                f"{self.program} image inspect prints no description of {reference}: "
                f"use docker or a compatible program, or {WITHOUT_CONTAINER}."
            ) from None

    def check_running(self) -> None:
        """Check for a running container service.

        Raises:
            ToolMissingError: if the program is missing or does not run.
            PackageError: if the service does not answer.
        """
        result = self._ask("version")
        if result.returncode:
            raise PackageError(
                f"{self.program} does not answer ({first_line(result.stderr)}): "
                f"start it, or {WITHOUT_CONTAINER}."
            )

    def call(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run the program and return the finished process, failed or not.

        Args:
            arguments: the arguments of the program.
            environment: variables to add to the inherited ones.
            timeout: seconds before the program is stopped.

        Raises:
            ToolMissingError: if the program is missing.
        """
        try:
            return subprocess.run(  # noqa: S603 - fixed arguments, no shell
                [self.program, *arguments],
                env=inherited_environment() | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=timeout,
                check=False,
            )
        except OSError as error:
            raise self._explain_missing(error) from None

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Ask the container service for something it answers at once."""
        try:
            return ask([self.program, *arguments], seconds=_PATIENCE)
        except NoAnswerError as error:
            raise PackageError(
                f"{self.program} does not answer ({error}): start it, or {WITHOUT_CONTAINER}."
            ) from None
        except OSError as error:
            raise self._explain_missing(error) from None

    def _explain_missing(self, error: OSError) -> ToolMissingError:
        is_missing = isinstance(error, FileNotFoundError | PermissionError)
        problem = "is not installed" if is_missing else f"does not run ({error.strerror})"
        return ToolMissingError(
            f"{self.program} {problem}: install Docker, Podman or Finch, name another "
            "program (--container-command, or containerCommand in the stage), or "
            f"{WITHOUT_CONTAINER}."
        )

    def _options(self, container: Container) -> list[str]:
        return [
            *("--network", container.network, "--user", self._user()),
            *("--workdir", container.folder, "--entrypoint", container.command[0]),
            # SELinux would hide the files of a home folder from the container.
            *("--security-opt", "label=disable"),
            *(word for mount in container.mounts for word in ("--mount", str(mount))),
            # Pass names only: a proxy's password must not be on a command line.
            *(word for name in container.environment for word in ("--env", name)),
        ]

    def _user(self) -> str:
        """Return the current user and group by their numbers in the container."""
        own = f"{os.getuid()}:{os.getgid()}"
        if sys.platform != "linux" or os.getuid() == 0:
            return own
        info = self._ask("info", "--format", "{{json .}}").stdout
        # A rootless engine maps the current user to root in the container. Docker and nerdctl
        # report it in the first form, Podman in the second.
        rootless = '"name=rootless"' in info or '"rootless":true' in info
        return "0:0" if rootless else own


def first_line(stderr: str) -> str:
    """Return the first line of an error, without the hints after it."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    return lines[0].strip().rstrip(".") if lines else "no error message"
