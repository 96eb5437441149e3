"""`portfolio diagram`."""

from pathlib import Path
from typing import Annotated

import typer

from portfolio.commands.options import STACK_NAMES
from portfolio.terminal import Terminal


def diagram(
    *,
    stage: Annotated[
        str, typer.Option(*STACK_NAMES, metavar="STAGE", help="The stage to draw.")
    ] = "prod",
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file to write; without it, the SVG is printed."),
    ] = None,
) -> None:
    """Draw a stage's architecture as SVG, from the resources in the program."""
    from portfolio.diagram.show import show_diagram

    show_diagram(stage, Terminal(), output=output)
