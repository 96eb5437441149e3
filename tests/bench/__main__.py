"""`make bench`: costs of handler, program, package, local stage, commands, table and crowds.

`python -m tests.bench handler` measures one part alone.
"""

import sys

from rich.console import Console
from rich.table import Table

from infra.paths import PROJECT
from infra.processes.environment import clean_environment
from tests.aws_environment import forget_aws_configuration
from tests.bench.body_sizes import measure_body_sizes
from tests.bench.cold_starts import measure_cold_starts
from tests.bench.crowds import measure_crowds
from tests.bench.dynamodb_costs import measure_dynamodb_costs
from tests.bench.first_output import measure_first_output
from tests.bench.handler_overhead import measure_handler_overhead
from tests.bench.program_preview import measure_program
from tests.bench.reload import describe_load, measure_reload
from tests.bench.sam_build import measure_beside_sam
from tests.real.dynamodb_local.server import DynamoDBLocalUnavailableError

_CONSOLE = Console()


def main() -> None:
    """Measure the parts named on the command line, or all."""
    clean_environment()
    forget_aws_configuration()
    parts = {
        "handler": lambda: _print_table(measure_handler_overhead()),
        "program": lambda: _print_table(measure_program()),
        "package": lambda: _print_table(measure_beside_sam()),
        "reload": lambda: _print_table(measure_reload(), f"Starts and reloads ({describe_load()})"),
        "commands": lambda: _print_table(measure_first_output(), "First output of each command"),
        "bodies": lambda: _print_table(measure_body_sizes(), "Bodies, compressed or not"),
        "cold": lambda: _print_table(measure_cold_starts(), "Cold starts as Lambda has them"),
        "crowds": lambda: _print_table(measure_crowds(), "Crowds, simulated"),
        "dynamodb": _print_dynamodb_costs,
    }
    for name in sys.argv[1:] or parts:
        parts[name]()


def _print_dynamodb_costs() -> None:
    try:
        report = measure_dynamodb_costs()
    except DynamoDBLocalUnavailableError as error:
        report = f"left out what DynamoDB costs: {error}"
    # As it is: rich would break its long lines.
    _CONSOLE.out(report, highlight=False)


def _print_table(measured: dict[str, str], title: str = f"{PROJECT} on this machine") -> None:
    table = Table("what", "measured", title=title, title_justify="left")
    for name, value in measured.items():
        table.add_row(name, value)
    _CONSOLE.print(table)


if __name__ == "__main__":
    main()
