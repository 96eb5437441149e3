"""`portfolio diagram`."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.commands.options import begin, stack_option


def diagram(
    *,
    stage: Annotated[str, stack_option("The stage to draw.")] = "prod",
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file to write; without it, the SVG is printed."),
    ] = None,
) -> None:
    """Draw a stage's architecture as SVG, from the resources in the program.

    Examples:
        portfolio diagram --output docs/architecture.svg
        portfolio diagram --stack dev
    """
    terminal = begin(f"{stage}: reading the program")
    from portfolio.diagram.show import show_diagram

    show_diagram(stage, terminal, output=output)
