"""Files of a zip as a tree with sizes. Small entries share a line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from infra.package.inventory import File

_SMALL: Final = 0.01
"""Entries below this share of the zip's size are folded into one line."""

_OWN: Final = "src"
"""The folder of our own code, never folded."""

_BOTTOMLESS: Final = 1_000
"""A depth greater than any path's."""


@dataclass
class Node:
    """A file, or a folder with its contents. Sizes are in bytes."""

    name: str
    zipped: int = 0
    unzipped: int = 0
    files: int = 0
    children: "dict[str, Node]" = field(default_factory=dict["str", "Node"])

    def add(self, file: File, path: list[str]) -> None:
        """Add a file under this folder, at this path."""
        self.count(file.zipped, file.unzipped, 1)
        if path:
            self.children.setdefault(path[0], Node(path[0])).add(file, path[1:])

    def count(self, zipped: int, unzipped: int, files: int) -> None:
        """Add to the sizes and the number of files."""
        self.zipped += zipped
        self.unzipped += unzipped
        self.files += files


@dataclass(frozen=True)
class Row:
    """A line of the tree."""

    guide: str
    """The lines drawn before the name, such as `│   ├── `."""

    node: Node


def build_tree(files: Iterable[File]) -> Node:
    """Return these files as a tree."""
    root = Node("")
    for file in files:
        root.add(file, file.name.split("/"))
    return root


def list_rows(root: Node, *, depth: int, everything: bool) -> Iterator[Row]:
    """Return the lines of a tree down to a depth, the largest entry of each folder first."""
    least = 0 if everything else root.unzipped * _SMALL
    return _list_children(root, _BOTTOMLESS if everything else depth, least, "")


def _list_children(folder: Node, depth: int, least: float, guide: str) -> Iterator[Row]:
    shown = _fold(folder, least)
    for number, node in enumerate(shown, start=1):
        last = number == len(shown)
        yield Row(f"{guide}{'└── ' if last else '├── '}", node)
        if depth > 1:
            indent = f"{guide}{'    ' if last else '│   '}"
            yield from _list_children(node, depth - 1, 0 if node.name == _OWN else least, indent)


def _fold(folder: Node, least: float) -> list[Node]:
    """Return the entries of a folder, the largest first.

    Entries smaller than `least` bytes are summed up in the last one.
    """
    nodes = sorted(folder.children.values(), key=lambda node: (-node.unzipped, node.name))
    small = [node for node in nodes if node.unzipped < least and node.name != _OWN]
    if len(small) == len(nodes):
        return []
    rest = Node(f"… {len(small)} more")
    for node in small:
        rest.count(node.zipped, node.unzipped, node.files)
    return [*(node for node in nodes if node not in small), *([rest] if small else [])]
