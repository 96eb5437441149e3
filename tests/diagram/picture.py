"""A picture's boxes and arrows, read from its SVG."""

import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final
from xml.etree import ElementTree as ET

_SVG: Final = "{http://www.w3.org/2000/svg}"
_STEPS: Final = 25
"""Pieces of each curve; odd, so that crossings in its middle are inside a piece."""

type Point = tuple[float, float]


@dataclass(frozen=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Rectangle") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )

    def holds(self, point: Point) -> bool:
        """Return True for a point inside, and False for one on the border."""
        x, y = point
        return self.x < x < self.x + self.width and self.y < y < self.y + self.height

    def touches_from_outside(self, point: Point) -> bool:
        """Return True for a point on the upper or the lower edge."""
        x, y = point
        return self.x < x < self.x + self.width and y in (self.y, self.y + self.height)


@dataclass(frozen=True)
class Picture:
    size: Rectangle
    boxes: list[Rectangle]
    arrows: list[list[Point]]
    """Points on each arrow."""

    texts: list[str]


def read_picture(svg: str) -> Picture:
    root = ET.fromstring(svg)  # noqa: S314 - our own
    shapes = [(each, each.get("class", "").split()) for each in root]
    return Picture(
        Rectangle(0, 0, float(root.attrib["width"]), float(root.attrib["height"])),
        [_rectangle(each) for each, classes in shapes if "card" in classes],
        [_points(each.attrib["d"]) for each, classes in shapes if "way" in classes],
        [each.text or "" for each, _ in shapes if each.tag == f"{_SVG}text"],
    )


def check_geometry(picture: Picture) -> None:
    """Fail if boxes overlap, an arrow passes through a box, or something is outside."""
    for box, other in combinations(picture.boxes, 2):
        assert not box.overlaps(other)
    for box in picture.boxes:
        assert picture.size.holds((box.x, box.y))
        assert picture.size.holds((box.x + box.width, box.y + box.height))
    for arrow in picture.arrows:
        for point in arrow:
            assert picture.size.holds(point)
            assert not any(box.holds(point) for box in picture.boxes)
        for point in (arrow[0], arrow[-1]):
            assert any(box.touches_from_outside(point) for box in picture.boxes)


def count_crossings(picture: Picture) -> int:
    """Return the number of pairs of arrows that cross."""
    return sum(
        any(_cross(*piece, *other) for piece in pairwise(first) for other in pairwise(second))
        for first, second in combinations(picture.arrows, 2)
    )


def _cross(start: Point, end: Point, other_start: Point, other_end: Point) -> bool:
    """Return True if each line has its ends on different sides of the other one."""
    return (
        _side(start, end, other_start) * _side(start, end, other_end) < 0
        and _side(other_start, other_end, start) * _side(other_start, other_end, end) < 0
    )


def _side(start: Point, end: Point, point: Point) -> float:
    (x, y), (end_x, end_y), (point_x, point_y) = start, end, point
    return (end_x - x) * (point_y - y) - (end_y - y) * (point_x - x)


def _rectangle(shape: ET.Element) -> Rectangle:
    x, y, width, height = (float(shape.attrib[name]) for name in ("x", "y", "width", "height"))
    return Rectangle(x, y, width, height)


def _points(path: str) -> list[Point]:
    """Return points on a path of M, V and C, the picture's only commands."""
    points: list[Point] = []
    for command, numbers in re.findall(r"([A-Z])([^A-Z]*)", path):
        assert command in "MVC"
        values = [float(number) for number in numbers.split()]
        if command == "V":
            values.insert(0, points[-1][0])
        ends = [*points[-1:], *zip(values[::2], values[1::2], strict=True)]
        points += [_on_curve(ends, step / _STEPS) for step in range(_STEPS + 1)]
    return points


def _on_curve(ends: list[Point], part: float) -> Point:
    """Return a point by De Casteljau's algorithm, on curves and lines."""
    while len(ends) > 1:
        ends = [
            (x + (next_x - x) * part, y + (next_y - y) * part)
            for (x, y), (next_x, next_y) in pairwise(ends)
        ]
    return ends[0]
