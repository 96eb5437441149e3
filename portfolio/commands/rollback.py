"""`portfolio rollback`."""

from typing import Annotated

import typer

from portfolio.commands.options import DeployedStack
from portfolio.terminal import Terminal


def rollback(
    version: Annotated[
        int | None,
        typer.Argument(min=1, metavar="VERSION", help="By default the one before the live one."),
    ] = None,
    *,
    stack: DeployedStack,
    unpin: Annotated[
        bool, typer.Option("--unpin", help="Let the next pulumi up follow the newest again.")
    ] = False,
) -> None:
    """Put an earlier version of the function behind the API, and keep it there."""
    from portfolio.rollback.roll_back import lift_pin, roll_back  # noqa: PLC0415 - boto3 is slow

    if unpin and version:
        raise typer.BadParameter("goes without VERSION.", param_hint="--unpin")
    if unpin:
        lift_pin(stack, Terminal())
    else:
        roll_back(stack, version, Terminal())
