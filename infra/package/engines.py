"""The engine that a person or a stage asks for by name."""

from collections.abc import Callable

from infra.package.container.engine import find_container_engine
from infra.package.engine import Engine, EngineName
from infra.package.host import HOST


def choose_engine(
    name: EngineName, *, image: str, command: str, progress: Callable[[str], None]
) -> Engine:
    """The engine of a name, ready to build.

    Args:
        name: which one.
        image: what containers are made from.
        command: the program that runs them.
        progress: told in a line what takes long.

    Raises:
        ToolMissingError: if the program is missing.
        PackageError: if it does not answer, or the image cannot be pulled.
    """
    return HOST if name == "host" else find_container_engine(command, image, progress)
