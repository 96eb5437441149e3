"""`portfolio adopt`."""

from typing import Annotated

import typer

from portfolio.commands.options import DeployedStack, Json
from portfolio.terminal import Terminal


def adopt(
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Required: print the effect of pulumi up, change nothing."),
    ] = False,
    stack: DeployedStack = "prod",
    as_json: Json = False,
) -> None:
    """Show existing AWS resources with a stage's names, and the settings to adopt them."""
    from portfolio.adoption.check import (
        check_adoption,
        find_wanted,
        load_adopting_settings,
    )

    if not check:
        raise typer.BadParameter(
            "Use --check. This command changes nothing: pulumi up adopts resources, with the "
            "settings that --check prints.",
            param_hint="adopt",
        )
    settings = load_adopting_settings(stack)
    wanted = find_wanted(stack, settings)
    check_adoption(stack, settings, wanted, Terminal(), as_json=as_json)
