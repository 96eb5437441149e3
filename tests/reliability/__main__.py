"""`make reliability`: figures of every promise, printed and written to docs/reliability.md.

`python -m tests.reliability crowds` measures one promise alone. The exit code is 1 if a case was
lost.
"""

import logging
import os
import sys
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from infra.paths import CACHE_VARIABLE
from infra.processes.environment import clean_environment
from tests.aws_environment import forget_aws_configuration
from tests.reliability.figures import Row
from tests.reliability.page import PAGE, describe_origin, write_table
from tests.reliability.registry import find_promises

_CONSOLE = Console()
_PROGRESS = Console(stderr=True)


def main(names: Sequence[str]) -> int:
    """Measure the named promises, or all; return the exit code."""
    clean_environment()
    forget_aws_configuration()
    # As in tests/conftest.py.
    os.environ[CACHE_VARIABLE] = ""
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    # The app warns of each failure that it gets.
    logging.getLogger().addHandler(logging.NullHandler())
    promises = find_promises()
    if unknown := ", ".join(sorted(set(names) - promises.keys())):
        _PROGRESS.print(f"error: {unknown}: choose from {', '.join(promises)}.")
        return 2
    # Before the measurements: the checkout may change meanwhile.
    origin = describe_origin()
    figures: dict[str, list[Row]] = {}
    for name in names or promises:
        _PROGRESS.print(f"{name}: measuring")
        figures[name] = list(promises[name].measure())
        PAGE.write_text(write_table(PAGE.read_text(), name, figures[name], origin))
        _print_lost(name, figures[name])
    _CONSOLE.print(_make_table(figures))
    return int(any(row.lost for rows in figures.values() for row in rows))


def _print_lost(name: str, rows: Sequence[Row]) -> None:
    """Print the lost cases now: the next promise may take an hour."""
    for row in rows:
        for case in row.lost:
            _PROGRESS.out(f"lost: {name}, {row.name}, {case}", highlight=False)


def _make_table(figures: Mapping[str, Sequence[Row]]) -> Table:
    table = Table("promise", "cases")
    for column in ("tried", "held", "lost", "longest"):
        table.add_column(column, justify="right")
    for name, rows in figures.items():
        for row in rows:
            table.add_row(name, *row.cells)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
