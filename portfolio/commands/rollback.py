"""`portfolio rollback`."""

from typing import Annotated

import typer

from portfolio.commands.options import DeployedStack, begin, whole_number


def rollback(
    version: Annotated[
        int | None,
        typer.Argument(
            parser=whole_number(1),
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
    """Make an earlier version of the function live, and pin it for later deployments.

    Examples:
        portfolio rollback --stack prod
        portfolio rollback 12 --stack prod
        portfolio rollback --stack prod --unpin
    """
    if unpin and version:
        raise typer.BadParameter("Leave out VERSION.", param_hint="--unpin")
    terminal = begin(f"{stack}: reading its versions")
    from portfolio.rollback.roll_back import lift_pin, roll_back

    if unpin:
        lift_pin(stack, terminal)
    else:
        roll_back(stack, version, terminal)
