"""The image that a container is made from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.errors import PackageError
from infra.package.container_command import HOST_WAY, ContainerCommand, first_line


@dataclass(frozen=True)
class Image:
    """An image on this machine."""

    reference: str
    """What it was asked for by."""

    id: str
    """Names exactly this one, even if the reference comes to mean another."""

    digest: str
    """Its registry's, for whoever wants the same elsewhere; the id if it came from none."""

    architecture: str
    """As images spell it: `amd64` or `arm64`."""


def find_image(command: ContainerCommand, reference: str, progress: Callable[[str], None]) -> Image:
    """The image of a reference, pulled if it is not on this machine.

    Raises:
        PackageError: if the engine does not answer, or the image cannot be pulled.
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
            f"The image {reference} cannot be pulled ({first_line(result.stderr)}): name another "
            f"(--image, in a stage packageImage), or {HOST_WAY}."
        )


def _read(reference: str, found: dict[str, Any]) -> Image:
    digests: list[str] = found.get("RepoDigests") or []
    identity = found["Id"]
    digest = digests[0].partition("@")[2] if digests else identity
    return Image(reference, identity, digest, found["Architecture"])
