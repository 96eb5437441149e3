"""`portfolio up`."""

from typing import Annotated

import typer

from infra.processes.interruption import deferred_signals
from portfolio.terminal import Terminal


def up(
    port: Annotated[
        int, typer.Option(min=1, max=65535, metavar="PORT", help="Port of the API on localhost.")
    ] = 8000,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="Another origin for browsers to call from; repeatable."),
    ] = None,
) -> None:
    """Run the API on this machine with an AWS emulator, until Ctrl-C.

    Sign in as owner@example.com, with the new password that the command prints.
    To choose the password, set OWNER_PASSWORD before you start the command.
    """
    from portfolio.local.serve import serve

    terminal = Terminal()
    with deferred_signals():
        serve(port, origin or [], terminal)
    terminal.say("Stopped.")
