"""The costs of all operations as text: a table, a verdict, and a chart for docs/benchmarks.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.dynamodb_meter import Cost
from tests.bench.operations import Operation

_CHARTED: Final = frozenset(
    {
        "GET /blogs?limit=2",
        "GET /blogs?limit=2&tag=tag 0",
        "GET /blogs?limit=2, with a token",
        "GET /blogs/{post}",
        "POST /blogs",
        "PUT /blogs/{id}, one field",
        "POST /blogs/{id}/publish",
        "POST /visitors/track",
        "POST /analytics/track/blog/{post}",
        "GET /analytics/overview, with a token",
    }
)
"""The operations that stand for the others."""

_MOST_GROWTH: Final = 1.1
_BAR: Final = 40

_LEGEND: Final = """\
Each column of figures: with 10, with 1,000 and with 10,000 items of each kind and 5 different
tags, then with 1,000 items and 1,000 different tags; one figure where all four are the same.
Half of the items are published. Reads are those of callers without a token, at half the units,
unless the operation says otherwise. Items and bytes are those read; units are consumed capacity:
DynamoDB Local's, but for transactions, of which it rounds the sum where AWS rounds each item.
Growth is from 10 to 10,000 items, in units and in bytes read: 1.1 at most, unless exempt."""


@dataclass(frozen=True)
class Column:
    """A table of some size."""

    label: str
    size: int

    @property
    def table_name(self) -> str:
        """The label as DynamoDB allows it."""
        return self.label.replace(",", "").replace(" ", "-")


@dataclass(frozen=True)
class _Row:
    operation: Operation
    costs: Sequence[Cost]
    """In the order of the columns."""

    def growth(self, first: int, last: int) -> tuple[float, float]:
        """How many times a column's units, read or written, and bytes are those of another."""
        small, large = self.costs[first], self.costs[last]
        reads = _ratio(small.read_units, large.read_units)
        writes = _ratio(small.write_units, large.write_units)
        return max(reads, writes), _ratio(small.size, large.size)


def report_costs(operations: Sequence[Operation], costs: Mapping[Column, Sequence[Cost]]) -> str:
    """Return the report; the first column is the smallest, the last but one the largest."""
    columns = list(costs)
    by_operation = zip(*costs.values(), strict=True)
    rows = [_Row(*pair) for pair in zip(operations, by_operation, strict=True)]
    last = len(columns) - 2
    return "\n\n".join(
        [
            _LEGEND,
            _table(rows, last),
            _verdict(rows, last),
            _chart([row for row in rows if row.operation.name in _CHARTED], columns[: last + 1]),
        ]
    )


def _table(rows: Sequence[_Row], last: int) -> str:
    heads = ["operation", "calls", "items", "bytes", "read units", "write units", "growth", ""]
    lines = [heads, *(_cells(row, last) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(row: _Row, last: int) -> list[str]:
    units, size = row.growth(0, last)
    exceeds = max(units, size) > _MOST_GROWTH
    mark = row.operation.exemption and f"exempt: {row.operation.exemption}"
    return [
        row.operation.name,
        _figures([cost.calls for cost in row.costs]),
        _figures([cost.items for cost in row.costs]),
        _figures([cost.size for cost in row.costs]),
        _figures([cost.read_units for cost in row.costs]),
        _figures([cost.write_units for cost in row.costs]),
        f"{units:.2f} {size:.2f}",
        mark or ("GROWS" if exceeds else ""),
    ]


def _figures(values: Sequence[float]) -> str:
    texts = [f"{value:g}" if value < 1e5 else f"{value:.0f}" for value in values]
    return texts[0] if len(set(texts)) == 1 else " ".join(texts)


def _verdict(rows: Sequence[_Row], last: int) -> str:
    growing = [
        row.operation.name
        for row in rows
        if max(row.growth(0, last)) > _MOST_GROWTH and not row.operation.exemption
    ]
    if not growing:
        return f"Nothing grows above {_MOST_GROWTH} but what is exempt."
    return f"Above {_MOST_GROWTH}: {'; '.join(growing)}."


def _chart(rows: Sequence[_Row], columns: Sequence[Column]) -> str:
    longest = max(cost.units for row in rows for cost in row.costs[: len(columns)])
    width = max(len(row.operation.name) for row in rows)
    labels = max(len(column.label) for column in columns)
    lines = ["Units of capacity that an operation consumes, by the number of items of each kind"]
    for row in rows:
        names = [row.operation.name, *[""] * (len(columns) - 1)]
        for name, column, cost in zip(names, columns, row.costs, strict=False):
            bar = "█" * max(1, round(_BAR * cost.units / longest))
            lines.append(f"{name:<{width}}  {column.label:>{labels}}  {bar} {cost.units:g}")
    return "\n".join(lines)


def _ratio(small: float, large: float) -> float:
    if small == large:
        return 1
    return large / small if small else float("inf")
