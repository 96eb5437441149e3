"""`portfolio adopt`, as it is typed."""

from typing import Annotated

import typer

from portfolio.commands.options import DeployedStack, Json
from portfolio.terminal import Terminal


def adopt(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing, and say what pulumi up would do.")
    ] = False,
    stack: DeployedStack = "prod",
    as_json: Json = False,
) -> None:
    """Show what is in AWS under a stage's names, and how the stage can take it over."""
    from portfolio.adoption.check import (  # noqa: PLC0415 - seconds of imports
        check_adoption,
        find_wanted,
        load_adopting_settings,
    )

    if not check:
        raise typer.BadParameter(
            "say --check: what adopts is pulumi up, by the settings that this shows.",
            param_hint="adopt",
        )
    settings = load_adopting_settings(stack)
    wanted = find_wanted(stack, settings)
    check_adoption(stack, settings, wanted, Terminal(), as_json=as_json)
