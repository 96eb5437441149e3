"""The image that a container is made from."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from infra.errors import PackageError
from infra.package.container.command import HOST_WAY, ContainerCommand, first_line

_TAG: Final = re.compile(r":[^/]*$")


@dataclass(frozen=True)
class Image:
    """An image on this machine."""

    reference: str
    """What it was asked for by."""

    id: str
    """Names exactly this one, even if the reference comes to mean another."""

    digest: str
    """What pins the same image elsewhere: the registry's digest, or its id if it has none."""

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
    repository = _TAG.sub("", reference.partition("@")[0])
    digests: list[str] = found.get("RepoDigests") or []
    # Several, if the same image was pulled by several names.
    own = [digest for digest in digests if digest.startswith(f"{repository}@")]
    digest = own[0].partition("@")[2] if own else found["Id"]
    return Image(reference, found["Id"], digest, found["Architecture"])
