"""The parts in rows, with lanes for long arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from portfolio.diagram.architecture import CLIENT, Architecture, Link
from portfolio.diagram.layers import (
    Edge,
    Rows,
    assign_rows,
    break_cycles,
    find_followers,
    order_rows,
)


@dataclass(frozen=True)
class Lane:
    """The place of a long arrow in a row on its way."""

    link: int
    row: int


type Node = str | Lane
"""A part by its key, or a lane."""


@dataclass(frozen=True)
class Graph:
    """The nodes in their order, and the ways between them."""

    rows: Rows[Node]
    chains: list[list[Node]]
    """The nodes of each link, from the upper part over its lanes to the lower part."""

    spine: frozenset[Node]
    """The nodes of the longest way from the client, without its end."""

    @property
    def segments(self) -> list[Edge[Node]]:
        """The pieces of all chains, each between two neighbouring rows."""
        return [pair for chain in self.chains for pair in pairwise(chain)]


def arrange(architecture: Architecture) -> Graph:
    """Give each part a row and a place in it; parts outside a request's path come last."""
    roles = {part.key: part.role for part in architecture.parts}
    keys = sorted(roles, key=lambda key: (roles[key] == "aside", key))
    edges = break_cycles(keys, [(link.source, link.target) for link in architecture.links])
    depths = assign_rows(keys, edges, CLIENT)
    chains = [_chain(index, link, depths) for index, link in enumerate(architecture.links)]
    rows: Rows[Node] = [
        [key for key in keys if depths[key] == depth]
        for depth in range(max(depths.values(), default=-1) + 1)
    ]
    for chain in chains:
        for lane in chain[1:-1]:
            rows[depths[str(chain[0])] + chain.index(lane)].append(lane)
    segments = [pair for chain in chains for pair in pairwise(chain)]
    ordered = order_rows([row for row in rows if row], segments)
    return Graph(ordered, chains, _find_spine(segments))


def _chain(index: int, link: Link, depths: dict[str, int]) -> list[Node]:
    upper, lower = sorted((link.source, link.target), key=lambda key: depths[key])
    lanes = [Lane(index, row) for row in range(depths[upper] + 1, depths[lower])]
    return [upper, *lanes, lower]


def _find_spine(segments: Sequence[Edge[Node]]) -> frozenset[Node]:
    followers = find_followers(segments)
    heights: dict[Node, int] = {}

    def height(node: Node) -> int:
        if node not in heights:
            heights[node] = max((height(each) + 1 for each in followers[node]), default=0)
        return heights[node]

    spine: list[Node] = []
    node: Node = CLIENT
    while followers[node]:
        spine.append(node)
        node = max(followers[node], key=height)
    return frozenset(spine)
