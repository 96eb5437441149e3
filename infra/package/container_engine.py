"""The container engine: install and run in a container of a Lambda build image."""

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
from infra.package.engine import DEPENDENCIES, PROBE, HealthRequest, Installation
from infra.package.target import Target
from infra.package.uv import uv_environment

_UV: Final = "/usr/local/bin/uv"
_CACHE: Final = "/var/cache/uv"
_PROJECT: Final = "/project"
_REQUIREMENTS: Final = "/requirements.txt"
_OUTPUT: Final = "/output"
_PROBE: Final = "/health_probe.py"
_TASK: Final = "/var/task"
_PYTHON: Final = f"python{sys.version_info.major}.{sys.version_info.minor}"
"""The function's Python. It equals this one, because this one compiles the bytecode."""

_SET_BY_ENGINES: Final = ("HOME", "HOSTNAME")
"""Variables set by container programs but not by Lambda. Lambda sets those of the image too."""


@dataclass(frozen=True)
class ContainerEngine:
    """Builds in containers of one image."""

    command: ContainerCommand
    image: Image

    python: str = _PYTHON
    """Name of the Python in the image."""

    @property
    def key(self) -> Mapping[str, str]:
        """The image by its digest and id, independent of its name."""
        image = {"image": self.image.digest, "image id": self.image.id}
        return {"engine": "container", **image}

    def runnable(self, target: Target) -> Target | None:
        """Return the target for the image's machine, or None if the machine is unknown."""
        return target.on(self.image.architecture, "linux")

    def install(self, installation: Installation) -> subprocess.CompletedProcess[str]:
        """Install wheels with uv in the image.

        Raises:
            PackageError: if the image cannot run, or its Python is missing.
        """
        result = self._checked(self.command.run(self.container(installation)))
        bound_downloads(installation.project)
        return result

    def container(self, installation: Installation) -> Container:
        """Return the container of an installation, with the checkout mounted read-only.

        It uses the host's network, because a proxy or an index may listen on loopback.
        """
        settings = uv_environment(installation.project)
        return Container(
            image=self.image.id,
            command=[
                *(_UV, *installation.options),
                *("--target", _OUTPUT, "--requirements", _REQUIREMENTS),
            ],
            network="host",
            mounts=[
                Mount(find_container_uv(self._own_target(installation.target)), _UV),
                Mount(installation.project, _PROJECT),
                Mount(installation.requirements.resolve(), _REQUIREMENTS),
                Mount(installation.folder.resolve(), _OUTPUT, writable=True),
                Mount(download_cache(installation.project), _CACHE, writable=True),
                *settings_mounts(settings),
            ],
            environment=passed_settings(settings) | self._uv_environment(),
            folder=_PROJECT,
        )

    def call_health(self, request: HealthRequest) -> subprocess.CompletedProcess[str]:
        """Run the probe with the image's Python, with the package and without a network."""
        container = Container(
            image=self.image.id,
            command=[
                *("env", *(f"--unset={name}" for name in _SET_BY_ENGINES)),
                *(self.python, "-I", "-S", "-B", _PROBE, _TASK),
            ],
            network="none",
            mounts=[
                Mount(PROBE, _PROBE),
                Mount(request.task.resolve(), _TASK),
                Mount(request.dependencies.resolve(), str(Path(_TASK).with_name(DEPENDENCIES))),
            ],
            environment=request.environment,
        )
        return self.command.run(container, timeout=request.timeout)

    def _uv_environment(self) -> dict[str, str]:
        return {
            "UV_CACHE_DIR": _CACHE,
            # The cache and the folder are different mounts, and links cannot cross mounts.
            "UV_LINK_MODE": "copy",
            "UV_PYTHON": self.python,
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def _own_target(self, target: Target) -> Target:
        runnable = self.runnable(target)
        if runnable is None:
            raise PackageError(
                f"{self.image.reference} is for {self.image.architecture}: choose an image for "
                "x86_64 or arm64 (--image, or packageImage in the stage)."
            )
        return runnable

    def _checked(
        self, result: subprocess.CompletedProcess[str]
    ) -> subprocess.CompletedProcess[str]:
        reference, stderr = self.image.reference, result.stderr
        if "exec format error" in stderr:
            problem = f"is for {self.image.architecture}, but this machine cannot run that"
        elif f"exec {_UV}: " in stderr:
            problem = "has no glibc, but uv and the wheels need it"
        elif "No interpreter found" in stderr:
            problem = f"has no {self.python}, but the function needs it"
        else:
            return result
        raise PackageError(
            f"{reference} {problem}: choose another image (--image, or packageImage in the stage)."
        )


def find_container_engine(
    program: str, reference: str, progress: Callable[[str], None]
) -> ContainerEngine:
    """Return the engine for an image; pull the image if it is missing.

    Args:
        program: docker or a compatible program.
        reference: the name of the image.
        progress: called with one line if the image is pulled.

    Raises:
        ToolMissingError: if the program is missing.
        PackageError: if the program does not answer, or the image cannot be pulled.
    """
    command = ContainerCommand(program)
    return ContainerEngine(command, find_image(command, reference, progress))
