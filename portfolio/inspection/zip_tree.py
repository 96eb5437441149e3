"""A zip's files as a tree with sizes, what is small folded together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from infra.package.inventory import File

_SMALL: Final = 0.01
"""The part of the whole below which something is folded."""

_OWN: Final = "src"
"""Never folded: what people come to see."""

_BOTTOMLESS: Final = 1_000
"""A depth that no file reaches."""


@dataclass
class Node:
    """A file, or a folder with what is in it."""

    name: str
    zipped: int = 0
    unzipped: int = 0
    files: int = 0
    children: "dict[str, Node]" = field(default_factory=dict["str", "Node"])

    def add(self, file: File, path: list[str]) -> None:
        """Count a file that lies under this folder at a path."""
        self.count(file.zipped, file.unzipped, 1)
        if path:
            self.children.setdefault(path[0], Node(path[0])).add(file, path[1:])

    def count(self, zipped: int, unzipped: int, files: int) -> None:
        """Count what lies in here."""
        self.zipped += zipped
        self.unzipped += unzipped
        self.files += files


@dataclass(frozen=True)
class Row:
    """A line of the tree."""

    guide: str
    """What leads the eye from the folder to this."""

    node: Node


def build_tree(files: Iterable[File]) -> Node:
    """The tree of these files."""
    root = Node("")
    for file in files:
        root.add(file, file.name.split("/"))
    return root


def list_rows(root: Node, *, depth: int, everything: bool) -> Iterator[Row]:
    """The lines of a tree, the largest of each folder first, to some depth."""
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
    """What is in a folder, the largest first, what is smaller than `least` being one line."""
    nodes = sorted(folder.children.values(), key=lambda node: (-node.unzipped, node.name))
    small = [node for node in nodes if node.unzipped < least and node.name != _OWN]
    if len(small) == len(nodes):
        return []
    rest = Node(f"… {len(small)} more")
    for node in small:
        rest.count(node.zipped, node.unzipped, node.files)
    return [*(node for node in nodes if node not in small), *([rest] if small else [])]
