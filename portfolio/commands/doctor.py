"""`portfolio doctor`."""

from typing import Annotated

import typer

from portfolio.commands.options import STACK_NAMES, Port
from portfolio.terminal import Terminal


def doctor(
    *,
    stack: Annotated[
        str | None,
        typer.Option(
            *STACK_NAMES,
            metavar="STAGE",
            help="A stage to check too: dev, prod, pr-12 …, or local (make up).",
        ),
    ] = None,
    port: Port = None,
) -> None:
    """Show the installed tools and a stage's account, region, state, stack and API.

    The exit code is 1 if the stage cannot be used.
    """
    from portfolio.doctor.report import show_doctor

    show_doctor(Terminal(), stack, port)
