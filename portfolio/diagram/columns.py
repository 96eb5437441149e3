"""Horizontal places for the nodes of ordered rows."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from portfolio.diagram.layers import Edge, Rows

_ROUNDS: Final = 100
_FIRM: Final = 1e6
"""Weight of the nodes on the main way: it stays straight."""

_LEAF: Final = 100.0
"""Weight of the nodes with one neighbour: a straight line leads to it."""


@dataclass
class _Block:
    """Touching neighbours of a row, at their common best place."""

    weight: float
    place: float
    size: int


def place_rows[Node: Hashable](
    rows: Rows[Node],
    edges: Mapping[Edge[Node], int],
    widths: Mapping[Node, int],
    spine: Collection[Node],
    gap: float,
) -> dict[Node, float]:
    """Return the middle of each node: near its neighbours', and never over another node.

    Args:
        rows: the nodes in their order.
        edges: edges between neighbouring rows, with the weight of a straight line for each.
        widths: the width of each node.
        spine: nodes at zero, below each other.
        gap: the minimum space between two nodes.
    """
    neighbours: defaultdict[Node, list[Node]] = defaultdict(list)
    for (source, target), weight in edges.items():
        neighbours[source] += [target] * weight
        neighbours[target] += [source] * weight
    places: dict[Node, float] = dict.fromkeys(widths, 0.0)
    for _ in range(_ROUNDS):
        for row in rows:
            wanted = [
                0.0 if node in spine else _mean([places[each] for each in neighbours[node]])
                for node in row
            ]
            weights = [_weight(neighbours[node], firm=node in spine) for node in row]
            places.update(zip(row, _spread(row, wanted, weights, widths, gap), strict=True))
    return places


def _weight[Node: Hashable](neighbours: Sequence[Node], *, firm: bool) -> float:
    if firm:
        return _FIRM
    return _LEAF if len(set(neighbours)) == 1 else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _spread[Node: Hashable](
    row: Sequence[Node],
    wanted: Sequence[float],
    weights: Sequence[float],
    widths: Mapping[Node, int],
    gap: float,
) -> list[float]:
    """Return the nearest places to the wanted ones, with the order and the gaps kept.

    Isotonic regression by pooling: nodes that would overlap form a block, placed at the
    weighted mean of its nodes' wanted places.
    """
    offsets = [0.0]
    for left, right in pairwise(row):
        offsets.append(offsets[-1] + (widths[left] + widths[right]) / 2 + gap)
    blocks: list[_Block] = []
    for place, offset, weight in zip(wanted, offsets, weights, strict=True):
        block = _Block(weight, place - offset, 1)
        while blocks and blocks[-1].place > block.place:
            last = blocks.pop()
            total = last.weight + block.weight
            mean = (last.place * last.weight + block.place * block.weight) / total
            block = _Block(total, mean, last.size + block.size)
        blocks.append(block)
    bases = [block.place for block in blocks for _ in range(block.size)]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]
