"""Names and bars in the columns of a table; numbers keep their width, and these give way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

_SHORTEST_NAME: Final = 8
_SHORTEST_BAR: Final = 4
_LONGEST_BAR: Final = 24
_CUT: Final = "…"


@dataclass(frozen=True)
class Name:
    """A name on one line, cut in the middle if the column is too narrow."""

    text: Text
    guide: str = ""
    """Lines of a tree before the name, never cut."""

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return the shortest and the best width."""
        longest = len(self.guide) + len(self.text)
        shortest = min(longest, len(self.guide) + _SHORTEST_NAME)
        return Measurement(shortest, longest).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Text]:
        """Draw the name in the width of the column."""
        name = cut_middle(self.text, options.max_width - len(self.guide))
        yield Text.assemble((self.guide, "dim"), name, no_wrap=True, overflow="crop")


@dataclass(frozen=True)
class Bar:
    """A bar for a share between 0 and 1, an eighth of the terminal long for 1."""

    share: float

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Return the length of the longest bar."""
        length = _longest_bar(console)
        return Measurement(length, length).with_maximum(options.max_width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Text]:
        """Draw the bar."""
        length = min(options.max_width, _longest_bar(console))
        yield Text("█" * round(length * self.share), "blue", no_wrap=True)


def cut_middle(text: Text, width: int) -> Text:
    """Return a text of at most this many characters: a third from its beginning, then its end.

    The ends of paths differ more than their beginnings.
    """
    if len(text) <= width:
        return text
    kept = max(0, width - len(_CUT))
    first = kept // 3
    return Text.assemble(text[:first], _CUT, text[len(text) - kept + first :])


def plain_table(*columns: str | Column) -> Table:
    """Return a table without lines. Columns of names and bars are given by their title."""
    return Table(*columns, box=None, pad_edge=False, header_style="bold")


def lined_table(*columns: str | Column, show_footer: bool = False) -> Table:
    """Return a table with a line below its header. Columns given by their title wrap."""
    made = (Column(each, overflow="fold") if isinstance(each, str) else each for each in columns)
    return Table(
        *made, box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_footer=show_footer
    )


def number_column(title: str) -> Column:
    """Return a column of numbers with units: on the right, never cut or wrapped."""
    return Column(title, justify="right", no_wrap=True)


def _longest_bar(console: Console) -> int:
    return max(_SHORTEST_BAR, min(_LONGEST_BAR, console.width // 8))
