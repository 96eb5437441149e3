"""`portfolio outputs`."""

import json

from portfolio.commands.options import Json, Port, Stack, begin


def outputs(*, stack: Stack, port: Port = None, as_json: Json = False) -> None:
    """Show a stage's outputs: the API's URL, and the names of table, function and logs.

    Examples:
        portfolio outputs --stack dev
        portfolio outputs --stack dev --json
    """
    terminal = begin(f"{stack}: reading its outputs")
    from rich.table import Column

    from portfolio.stage_access import open_stage
    from portfolio.tables.cells import lined_table

    stage = open_stage(stack, port)
    if as_json:
        terminal.say(json.dumps(dict(stage.outputs), indent=2))
        return
    table = lined_table(Column("Output", style="bold cyan", no_wrap=True), "Value")
    for name, value in stage.outputs.items():
        table.add_row(name, str(value))
    terminal.show(table)
