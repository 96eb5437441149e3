"""The size and the lines of text of a part's box."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from portfolio.diagram.architecture import Part
from portfolio.diagram.text import text_width, wrap

type Style = Literal["title", "fact", "service", "resource"]

SIZES: Final[dict[Style, float]] = {"title": 16, "fact": 13, "service": 12, "resource": 12}
"""Font sizes in pixels."""

_PADDING: Final = 16
_TITLE_LINE: Final = 28
"""The title's baseline below the box's top."""

_LINE: Final = 17
_SPACE: Final = 7
"""Space between the title with its facts and the list of services."""

_BOTTOM: Final = 13
_COLUMN_GAP: Final = 10
_WIDEST_LIST: Final = 170
"""The widest line in a list of resources, in pixels."""

_WIDEST_FACTS: Final = 250
"""The widest line of facts, in pixels."""

_NARROWEST: Final = 120


@dataclass(frozen=True)
class Line:
    """A line of text; its place is measured from the box's upper left corner."""

    text: str
    style: Style
    x: int
    y: int

    @property
    def end(self) -> float:
        """The right end of the text, estimated."""
        return self.x + text_width(self.text, SIZES[self.style])


@dataclass(frozen=True)
class Box:
    """A part's box, not yet placed."""

    part: Part
    lines: tuple[Line, ...]
    width: int
    height: int


def make_box(part: Part) -> Box:
    """Return a box, large enough for a part's title, facts and resources."""
    lines = tuple(_lines(part))
    width = max(_NARROWEST, *(line.end + _PADDING for line in lines))
    return Box(part, lines, 2 * round(width / 2), lines[-1].y + _BOTTOM)


def _lines(part: Part) -> Iterator[Line]:
    y = _TITLE_LINE
    yield Line(part.title, "title", _PADDING, y)
    for text in wrap(part.facts, " · ", SIZES["fact"], _WIDEST_FACTS):
        y += _LINE
        yield Line(text, "fact", _PADDING, y)
    y += _SPACE
    widths = [text_width(service, SIZES["service"]) for service, _ in part.services]
    column = _PADDING + round(max(widths, default=0)) + _COLUMN_GAP
    for service, resources in part.services:
        yield Line(service, "service", _PADDING, y + _LINE)
        for text in wrap(resources, ", ", SIZES["resource"], _WIDEST_LIST):
            y += _LINE
            yield Line(text, "resource", column, y)
