"""`portfolio rollback`."""

from typing import Annotated

import typer

from portfolio.commands.options import DeployedStack
from portfolio.terminal import Terminal


def rollback(
    version: Annotated[
        int | None,
        typer.Argument(
            min=1,
            metavar="VERSION",
            help="Version to make live (default: the one before the live one).",
        ),
    ] = None,
    *,
    stack: DeployedStack,
    unpin: Annotated[
        bool,
        typer.Option(
            "--unpin", help="Remove the pin: the next pulumi up makes the newest version live."
        ),
    ] = False,
) -> None:
    """Make an earlier version of the function live, and pin it for later deployments."""
    from portfolio.rollback.roll_back import lift_pin, roll_back

    if unpin and version:
        raise typer.BadParameter("Leave out VERSION.", param_hint="--unpin")
    if unpin:
        lift_pin(stack, Terminal())
    else:
        roll_back(stack, version, Terminal())
