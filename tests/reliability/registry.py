"""The promises: each module in `promises` measures one with its function `measure`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from tests.reliability.figures import Row

_FOLDER: Final = Path(__file__).with_name("promises")


@dataclass(frozen=True)
class Promise:
    """A promise, by the name of its module."""

    name: str

    @property
    def measure(self) -> Callable[[], Iterable[Row]]:
        """The function that tries the cases; its module is imported now."""
        measure: Callable[[], Iterable[Row]] = import_module(
            f"tests.reliability.promises.{self.name}"
        ).measure
        return measure


def find_promises() -> dict[str, Promise]:
    """Return all promises by name, sorted."""
    names = sorted(path.stem for path in _FOLDER.glob("*.py"))
    return {name: Promise(name) for name in names}
