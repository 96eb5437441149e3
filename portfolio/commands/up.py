"""`portfolio up`."""

from typing import Annotated

import typer

from infra.processes.interruption import deferred_signals
from portfolio.commands.options import begin, whole_number


def up(
    port: Annotated[
        int,
        typer.Option(
            metavar="PORT",
            parser=whole_number(1, 65535),
            help="Port of the API on localhost, 1 to 65535.",
        ),
    ] = 8000,
    status_port: Annotated[
        int | None,
        typer.Option(
            metavar="PORT",
            parser=whole_number(1, 65535),
            help="Port of the status page (default: the one after the API's, if it is free).",
        ),
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN", help="Another origin for browsers to call from; repeatable."
        ),
    ] = None,
) -> None:
    """Run the API on this machine with an AWS emulator, until Ctrl-C.

    Sign in as owner@example.com, with the new password that the command prints.
    To choose the password, set OWNER_PASSWORD before you start the command.

    Examples:
        portfolio up
        portfolio up --port 8123 --status-port 9123
        portfolio up --port 8123 --origin http://localhost:4321
    """
    terminal = begin("emulator: starting")
    from portfolio.local.serve import serve

    with deferred_signals():
        serve(port, status_port, origin or [], terminal)
    terminal.say("Stopped.")
