"""The place of each box, arrow and label of a picture."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from portfolio.diagram.architecture import CLIENT, Architecture, Link
from portfolio.diagram.box import Box, make_box
from portfolio.diagram.columns import place_rows
from portfolio.diagram.graph import Graph, Lane, Node, arrange
from portfolio.diagram.text import text_width

LABEL_SIZE: Final = 12
"""Font size of labels in pixels."""

MARGIN: Final = 14
"""Space around the picture."""

_GAP: Final = 24
"""Space between two nodes of a row."""

_RISE: Final = 52
"""Space between two rows, for the arrows."""

_FRAME_RISE: Final = 82
"""Space below the client, for the frame and its title."""

_FRAME_TITLE: Final = 36
_FRAME_PADDING: Final = 20
_STRAIGHT: Final = 50
"""Weight of a line between two lanes: long arrows stay straight."""

_LABEL_DROP: Final = 26
"""Space between a row and the labels of its arrows to the next row."""

_LANE: Final = 8
"""Width of a lane without a label."""

_PORT: Final = 44
"""Space between two arrows at the same side of a box."""

_NEARLY_STRAIGHT: Final = 6
"""Bends of so few pixels are straightened."""

type Point = tuple[int, int]


@dataclass(frozen=True)
class Rectangle:
    """A place in the picture, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Arrow:
    """A link's way between two boxes, and the middle of its label."""

    link: Link
    points: tuple[Point, ...]
    """From the upper box down to the lower one, straight down or as a curve."""

    points_up: bool
    """True if the head is at the upper end."""

    label: Point


@dataclass(frozen=True)
class Layout:
    """Everything with its place."""

    width: int
    height: int
    frame: Rectangle
    """Around all parts but the client."""

    boxes: tuple[tuple[Box, Rectangle], ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class _Grid:
    """The nodes' middles, and the upper and lower edge of each row."""

    graph: Graph
    boxes: Mapping[str, Box]
    middles: Mapping[Node, int]
    bands: Sequence[tuple[int, int]]

    def band(self, node: Node) -> tuple[int, int]:
        return next(
            band for row, band in zip(self.graph.rows, self.bands, strict=True) if node in row
        )

    def place(self, key: str) -> Rectangle:
        box = self.boxes[key]
        x = self.middles[key] - box.width // 2
        return Rectangle(x, self.band(key)[0], box.width, box.height)


def lay_out(architecture: Architecture) -> Layout:
    """Place the parts in rows from the client down, and the arrows between them."""
    graph = arrange(architecture)
    boxes = {part.key: make_box(part) for part in architecture.parts}
    widths = _widths(architecture, graph, boxes)
    middles = _middles(graph, widths)
    grid = _Grid(graph, boxes, middles, _bands(graph, boxes))
    inside = [node for row in graph.rows for node in row if node != CLIENT]
    left = min(middles[node] - widths[node] // 2 for node in inside) - _FRAME_PADDING
    right = max(middles[node] + widths[node] // 2 for node in inside) + _FRAME_PADDING
    top = min(grid.band(node)[0] for node in inside) - _FRAME_TITLE
    frame = Rectangle(left, top, right - left, grid.bands[-1][1] + _FRAME_PADDING - top)
    return Layout(
        max(right, *(middles[node] + widths[node] // 2 for node in middles)) + MARGIN,
        frame.bottom + MARGIN,
        frame,
        tuple((box, grid.place(key)) for key, box in boxes.items()),
        _arrows(architecture, grid),
    )


def _widths(architecture: Architecture, graph: Graph, boxes: Mapping[str, Box]) -> dict[Node, int]:
    """Return the nodes' widths; the first lane of an arrow has room for its label."""
    widths: dict[Node, int] = {key: box.width for key, box in boxes.items()}
    for link, chain in zip(architecture.links, graph.chains, strict=True):
        for lane in chain[1:-1]:
            label = link.verb if lane is chain[1] else ""
            widths[lane] = max(_LANE, 2 * round(text_width(label, LABEL_SIZE) / 2))
    return widths


def _middles(graph: Graph, widths: Mapping[Node, int]) -> dict[Node, int]:
    """Return the nodes' middles, in pixels from the picture's left edge."""
    weights = {
        segment: _STRAIGHT if all(isinstance(node, Lane) for node in segment) else 1
        for segment in graph.segments
    }
    places = place_rows(graph.rows, weights, widths, graph.spine, _GAP)
    lefts = [
        places[node] - width / 2 - MARGIN - (0 if node == CLIENT else _FRAME_PADDING)
        for node, width in widths.items()
    ]
    return {node: round(place - min(lefts)) for node, place in places.items()}


def _bands(graph: Graph, boxes: Mapping[str, Box]) -> list[tuple[int, int]]:
    bands: list[tuple[int, int]] = []
    top = MARGIN if CLIENT in boxes else MARGIN + _FRAME_TITLE
    for row in graph.rows:
        bottom = top + max(boxes[node].height for node in row if isinstance(node, str))
        bands.append((top, bottom))
        top = bottom + (_FRAME_RISE if CLIENT in row else _RISE)
    return bands


def _arrows(architecture: Architecture, grid: _Grid) -> tuple[Arrow, ...]:
    chains = grid.graph.chains
    starts = _ports(grid, [(str(chain[0]), chain[1]) for chain in chains])
    ends = _ports(grid, [(str(chain[-1]), chain[-2]) for chain in chains])
    return tuple(
        _arrow(link, chain, grid, start, end)
        for link, chain, start, end in zip(architecture.links, chains, starts, ends, strict=True)
    )


def _arrow(link: Link, chain: Sequence[Node], grid: _Grid, start: int, end: int) -> Arrow:
    lanes = [(grid.middles[lane], edge) for lane in chain[1:-1] for edge in grid.band(lane)]
    first, row_bottom = grid.place(str(chain[0])).bottom, grid.band(chain[0])[1]
    last = grid.band(chain[-1])[0]
    points = _straighten([(start, first), (start, row_bottom), *lanes, (end, last)])
    _, (x, _), (next_x, top), *_ = points
    label = ((x + next_x) // 2, row_bottom + _LABEL_DROP)
    if lanes:
        label = (next_x, (top + points[3][1]) // 2)
    return Arrow(link, tuple(dict.fromkeys(points)), link.source != chain[0], label)


def _straighten(points: Sequence[Point]) -> list[Point]:
    straight = [points[0]]
    for x, y in points[1:]:
        above = straight[-1][0]
        straight.append((above if abs(x - above) <= _NEARLY_STRAIGHT else x, y))
    return straight


def _ports(grid: _Grid, ends: Sequence[tuple[str, Node]]) -> list[int]:
    """Return the place of each arrow at its box, the straightest in the middle.

    Args:
        grid: the places of the nodes.
        ends: for each arrow a part, and the node that the arrow leads to from there.
    """
    arrows: defaultdict[str, list[int]] = defaultdict(list)
    for index, (key, _) in enumerate(ends):
        arrows[key].append(index)
    ports: dict[int, int] = {}
    for key, indices in arrows.items():
        middle = grid.middles[key]
        sides = {index: grid.middles[ends[index][1]] - middle for index in indices}
        ordered = sorted(indices, key=lambda index: (sides[index], index))
        straight = ordered.index(min(ordered, key=lambda index: abs(sides[index])))
        room = grid.boxes[key].width // (2 * len(ordered))
        for place, index in enumerate(ordered):
            ports[index] = middle + (place - straight) * min(_PORT, room)
    return [ports[index] for index in range(len(ends))]
