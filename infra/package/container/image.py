"""Find or pull the image of a container."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from infra.errors import PackageError
from infra.package.container.command import WITHOUT_CONTAINER, ContainerCommand, first_line

_TAG: Final = re.compile(r":[^/]*$")


@dataclass(frozen=True)
class Image:
    """An image on this machine."""

    reference: str
    """Name of the image in the settings or on the command line."""

    id: str
    """Id of exactly this image, even if the name is moved to another image later."""

    digest: str
    """Digest in the registry, to pin the image elsewhere. Equals the id without a registry."""

    architecture: str
    """Architecture by its name in images, for example `amd64` or `arm64`."""


def find_image(command: ContainerCommand, reference: str, progress: Callable[[str], None]) -> Image:
    """Return the image of a reference; pull it if it is not on this machine.

    Raises:
        PackageError: if the container program does not answer, or the image cannot be pulled.
    """
    found = command.inspect_image(reference)
    if found is None:
        command.check_running()
        progress(f"image: pulling {reference}")
        _pull(command, reference)
        found = command.inspect_image(reference) or {}
    return _read(reference, found)


def _pull(command: ContainerCommand, reference: str) -> None:
    result = command.call("pull", "--quiet", reference)
    if result.returncode:
        raise PackageError(
            f"The image {reference} cannot be pulled ({first_line(result.stderr)}): choose another "
            f"image (--image, or packageImage in the stage), or {WITHOUT_CONTAINER}."
        )


def _read(reference: str, found: dict[str, Any]) -> Image:
    repository = _TAG.sub("", reference.partition("@")[0])
    digests: list[str] = found.get("RepoDigests") or []
    # An image pulled under several names has several digests.
    own = [digest for digest in digests if digest.startswith(f"{repository}@")]
    digest = own[0].partition("@")[2] if own else found["Id"]
    return Image(reference, found["Id"], digest, found["Architecture"])
