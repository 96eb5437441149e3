"""`portfolio outputs`."""

import json
from typing import Annotated

import typer

from portfolio.commands.options import Json, Port, Stack, begin

_Name = Annotated[
    str | None, typer.Argument(metavar="[NAME]", help="Print this output's value alone.")
]


def outputs(name: _Name = None, *, stack: Stack, port: Port = None, as_json: Json = False) -> None:
    """Show a stage's outputs: the API's URL, and the names of table, function and logs.

    Examples:
        portfolio outputs --stack dev
        portfolio outputs api_url --stack dev
        portfolio outputs --stack dev --json
    """
    terminal = begin(f"{stack}: reading its outputs")
    from rich.table import Column

    from portfolio.stage_access import open_stage
    from portfolio.tables.cells import lined_table

    stage = open_stage(stack, port)
    if name is not None:
        value = stage.chosen_output(name)
        terminal.say(json.dumps(value) if as_json else str(value))
        return
    if as_json:
        terminal.say(json.dumps(dict(stage.outputs), indent=2))
        return
    table = lined_table(Column("Output", style="bold cyan", no_wrap=True), "Value")
    for each, value in stage.outputs.items():
        table.add_row(each, str(value))
    terminal.show(table)
