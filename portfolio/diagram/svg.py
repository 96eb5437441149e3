"""The layout written as SVG, without scripts, fonts or other outside resources."""

from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from portfolio.diagram.architecture import Architecture, Role
from portfolio.diagram.box import Box
from portfolio.diagram.colours import style_sheet
from portfolio.diagram.layout import Arrow, Layout, Point, Rectangle, lay_out

_HEAD: Final = (4, 8)
"""Half the width of an arrow's head, and its length, in pixels."""

_BAR: Final = 4
"""Width of the coloured bar at the left of a box."""

_BAR_MARGIN: Final = 12


def draw(architecture: Architecture) -> str:
    """Return the architecture as an SVG document; the same architecture gives the same text."""
    layout = lay_out(architecture)
    size = {"width": str(layout.width), "height": str(layout.height)}
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {layout.width} {layout.height}",
            **size,
            "role": "img",
            "aria-labelledby": "title description",
        },
    )
    ET.SubElement(root, "title", id="title").text = f"Architecture of {architecture.title}"
    ET.SubElement(root, "desc", id="description").text = _describe(architecture)
    ET.SubElement(root, "style").text = style_sheet()
    _add_rectangle(root, Rectangle(0, 0, layout.width, layout.height), "page", 12)
    _draw_frame(root, layout, architecture.title)
    roles: dict[str, Role] = {part.key: part.role for part in architecture.parts}
    for arrow in layout.arrows:
        _draw_way(root, arrow, roles[arrow.link.source])
    for box, place in layout.boxes:
        _draw_box(root, box, place)
    for arrow in layout.arrows:
        if arrow.link.verb:
            _add_text(root, arrow.link.verb, "label", arrow.label)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _describe(architecture: Architecture) -> str:
    """Return a sentence for each link, for readers who cannot see the picture."""
    titles = {part.key: part.title for part in architecture.parts}
    return " ".join(
        f"{titles[link.source]} {link.verb or 'needs'} {titles[link.target]}."
        for link in architecture.links
    )


def _draw_frame(root: ET.Element, layout: Layout, title: str) -> None:
    _add_rectangle(root, layout.frame, "frame", 14)
    _add_text(root, title, "frame-title", (layout.frame.x + 16, layout.frame.y + 24))


def _draw_box(root: ET.Element, box: Box, place: Rectangle) -> None:
    _add_rectangle(root, place, "card", 10)
    bar = Rectangle(place.x, place.y + _BAR_MARGIN, _BAR, place.height - 2 * _BAR_MARGIN)
    _add_rectangle(root, bar, f"mark {box.part.role}", _BAR // 2)
    for line in box.lines:
        _add_text(root, line.text, line.style, (place.x + line.x, place.y + line.y))


def _draw_way(root: ET.Element, arrow: Arrow, role: Role) -> None:
    half, length = _HEAD
    (x, y), direction = (arrow.points[0], -1) if arrow.points_up else (arrow.points[-1], 1)
    ET.SubElement(root, "path", {"class": f"way {role}", "d": _path(arrow.points)})
    base = y - direction * length
    head = f"M {x - half} {base} L {x + half} {base} L {x} {y} Z"
    ET.SubElement(root, "path", {"class": f"mark {role}", "d": head})


def _path(points: tuple[Point, ...]) -> str:
    """Return the path's data: vertical lines, and curves with vertical ends."""
    (x, y), *_ = points
    path = [f"M {x} {y}"]
    for (x, y), (next_x, next_y) in pairwise(points):
        middle = (y + next_y) // 2
        curve = f"C {x} {middle} {next_x} {middle} {next_x} {next_y}"
        path.append(f"V {next_y}" if x == next_x else curve)
    return " ".join(path)


def _add_rectangle(root: ET.Element, place: Rectangle, style: str, radius: int) -> None:
    sides = {name: str(value) for name, value in vars(place).items()}
    ET.SubElement(root, "rect", {"class": style, **sides, "rx": str(radius)})


def _add_text(root: ET.Element, text: str, style: str, place: Point) -> None:
    x, y = place
    ET.SubElement(root, "text", {"class": style, "x": str(x), "y": str(y)}).text = text
