"""The container way: the same, in a container made from a Lambda build image."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.errors import PackageError
from infra.package.cache.downloads import bound_downloads, download_cache
from infra.package.container.command import Container, ContainerCommand, Mount
from infra.package.container.image import Image, find_image
from infra.package.container.uv_binary import find_container_uv
from infra.package.container.uv_settings import passed_settings, settings_mounts
from infra.package.engine import DEPENDENCIES, PROBE, Installation, Question
from infra.package.target import Target

_UV: Final = "/usr/local/bin/uv"
_CACHE: Final = "/var/cache/uv"
_PROJECT: Final = "/project"
_REQUIREMENTS: Final = "/requirements.txt"
_OUTPUT: Final = "/output"
_PROBE: Final = "/health_probe.py"
_TASK: Final = "/var/task"
_PYTHON: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"
"""The function's, which is ours: it has to compile the bytecode."""

_SET_BY_ENGINES: Final = ("HOME", "HOSTNAME")
"""Variables that a function does not have; what the image itself sets, Lambda's does too."""


@dataclass(frozen=True)
class ContainerEngine:
    """Containers made from one image."""

    command: ContainerCommand
    image: Image

    @property
    def key(self) -> Mapping[str, str]:
        """The image, however it was named."""
        image = {"image": self.image.digest, "image id": self.image.id}
        return {"engine": "container", **image}

    def runnable(self, target: Target) -> Target | None:
        """The target for the image's machine."""
        return target.on(self.image.architecture, "linux")

    def install(self, installation: Installation) -> subprocess.CompletedProcess[str]:
        """Run uv in the image.

        Raises:
            PackageError: if the image cannot be run, or has no such Python.
        """
        result = self._checked(self.command.run(self.container(installation)))
        bound_downloads(installation.project)
        return result

    def container(self, installation: Installation) -> Container:
        """Where wheels are installed: it sees the checkout read-only and writes to the folder.

        It is on the host's network: a proxy or an index may listen on loopback.
        """
        return Container(
            image=self.image.id,
            command=[
                *(_UV, *installation.options),
                *("--target", _OUTPUT, "--requirements", _REQUIREMENTS),
            ],
            network="host",
            mounts=[
                Mount(find_container_uv(self._own(installation.target)), _UV),
                Mount(installation.project, _PROJECT),
                Mount(installation.requirements.resolve(), _REQUIREMENTS),
                Mount(installation.folder.resolve(), _OUTPUT, writable=True),
                Mount(download_cache(installation.project), _CACHE, writable=True),
                *settings_mounts(),
            ],
            environment=passed_settings() | _uv_environment(),
            folder=_PROJECT,
        )

    def ask(self, question: Question) -> subprocess.CompletedProcess[str]:
        """Run the image's Python, which sees the package and no network."""
        container = Container(
            image=self.image.id,
            command=[
                *("env", *(f"--unset={name}" for name in _SET_BY_ENGINES)),
                *(_PYTHON, "-I", "-S", "-B", _PROBE, _TASK),
            ],
            network="none",
            mounts=[
                Mount(PROBE, _PROBE),
                Mount(question.task.resolve(), _TASK),
                Mount(question.dependencies.resolve(), str(Path(_TASK).with_name(DEPENDENCIES))),
            ],
            environment=question.environment,
        )
        return self.command.run(container, timeout=question.timeout)

    def _own(self, target: Target) -> Target:
        runnable = self.runnable(target)
        if runnable is None:
            raise PackageError(
                f"{self.image.reference} is for {self.image.architecture}: choose an image for "
                "x86_64 or arm64 (--image, in a stage packageImage)."
            )
        return runnable

    def _checked(
        self, result: subprocess.CompletedProcess[str]
    ) -> subprocess.CompletedProcess[str]:
        reference, stderr = self.image.reference, result.stderr
        if "exec format error" in stderr:
            problem = f"is for {self.image.architecture}, which this machine does not run"
        elif f"exec {_UV}: " in stderr:
            problem = "has no glibc, which uv and the wheels need"
        elif "No interpreter found" in stderr:
            problem = f"has no {_PYTHON}, on which the function runs"
        else:
            return result
        raise PackageError(
            f"{reference} {problem}: choose another image (--image, in a stage packageImage)."
        )


def find_container_engine(
    program: str, reference: str, progress: Callable[[str], None]
) -> ContainerEngine:
    """The engine that makes containers from an image, pulled if need be.

    Args:
        program: docker or a drop-in for it.
        reference: the image.
        progress: told in a line that the image is being pulled.

    Raises:
        ToolMissingError: if there is no such program.
        PackageError: if it does not answer, or the image cannot be pulled.
    """
    command = ContainerCommand(program)
    return ContainerEngine(command, find_image(command, reference, progress))


def _uv_environment() -> dict[str, str]:
    return {
        "UV_CACHE_DIR": _CACHE,
        # The cache is another mount than the folder, and links do not cross mounts.
        "UV_LINK_MODE": "copy",
        "UV_PYTHON": _PYTHON,
        "UV_PYTHON_DOWNLOADS": "never",
    }
