"""`portfolio adopt`."""

from typing import Annotated

import typer

from portfolio.commands.options import DeployedStack, Json
from portfolio.terminal import Terminal


def adopt(
    *,
    _check: Annotated[
        bool,
        typer.Option(
            "--check", show_default=False, help="Print the effect of pulumi up (the default)."
        ),
    ] = True,
    stack: DeployedStack = "prod",
    as_json: Json = False,
) -> None:
    """Show existing AWS resources with a stage's names, and the settings to adopt them.

    The command changes nothing. `pulumi up` adopts the resources, with these settings.
    """
    from portfolio.adoption.check import (
        check_adoption,
        find_wanted,
        load_adopting_settings,
    )

    settings = load_adopting_settings(stack)
    wanted = find_wanted(stack, settings)
    check_adoption(stack, settings, wanted, Terminal(), as_json=as_json)
