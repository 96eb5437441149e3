"""`portfolio adopt`."""

from typing import Annotated

import typer

from portfolio.commands.options import DeployedStack, Json, begin


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

    Examples:
        portfolio adopt
        portfolio adopt --stack dev --json
    """
    terminal = begin(f"{stack}: reading the program and AWS")
    from portfolio.adoption.check import (
        check_adoption,
        find_wanted,
        load_adopting_settings,
    )

    settings = load_adopting_settings(stack)
    wanted = find_wanted(stack, settings)
    check_adoption(stack, settings, wanted, terminal, as_json=as_json)
