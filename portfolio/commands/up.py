"""`portfolio up`."""

import os
from typing import Annotated, Final

import typer

from infra.processes.interruption import deferred_signals
from portfolio.commands.options import begin, whole_number

_DEBUG_PORT: Final = 5678
"""The port in .vscode/launch.json."""

_Port = Annotated[
    int,
    typer.Option(
        metavar="PORT",
        parser=whole_number(1, 65535),
        help="Port of the API on localhost, 1 to 65535.",
    ),
]
_StatusPort = Annotated[
    int | None,
    typer.Option(
        metavar="PORT",
        parser=whole_number(1, 65535),
        help="Port of the status page (default: the one after the API's, if it is free).",
    ),
]
_Origin = Annotated[
    list[str] | None,
    typer.Option(metavar="ORIGIN", help="Another origin for browsers to call from; repeatable."),
]
_Keep = Annotated[
    bool, typer.Option("--keep", help="Keep content, users and passwords for the next --keep.")
]
_Empty = Annotated[bool, typer.Option("--empty", help="Start without sample content.")]
_Debug = Annotated[
    bool, typer.Option("--debug", help="Let a debugger attach, and lift the time limits.")
]
_DebugPort = Annotated[
    int,
    typer.Argument(
        metavar="DEBUG_PORT",
        parser=whole_number(1, 65535),
        help="Port for the debugger, with --debug.",
    ),
]


def up(
    port: _Port = 8000,
    status_port: _StatusPort = None,
    origin: _Origin = None,
    *,
    keep: _Keep = False,
    empty: _Empty = False,
    debug: _Debug = False,
    debug_port: _DebugPort = _DEBUG_PORT,
) -> None:
    """Run the API on this machine with an AWS emulator, until Ctrl-C.

    Sign in as owner@example.com, with the new password that the command prints.
    To choose the password, set OWNER_PASSWORD before you start the command.

    With --keep, the data is saved in .kept/PORT within a second, and loaded at the next start.

    Examples:
        portfolio up
        portfolio up --keep
        portfolio up --empty
        portfolio up --port 8123 --status-port 9123
        portfolio up --port 8123 --origin http://localhost:4321
        portfolio up --debug
        portfolio up --debug 5679
    """
    attached = _choose_debug_port(debug_port, wanted=debug)
    terminal = begin("emulator: starting")
    # The first start after an installation takes seconds here: Python compiles the libraries.
    with terminal.working("Python: importing"):
        from portfolio.local.serve import serve
        from portfolio.local.start_options import StartOptions, kept_data

    password, kept = os.environ.get("OWNER_PASSWORD"), kept_data(port) if keep else None
    options = StartOptions(password, not empty, kept, origin or (), attached)
    with deferred_signals():
        serve(port, status_port, options, terminal)
    terminal.say("Stopped.")


def _choose_debug_port(port: int, *, wanted: bool) -> int | None:
    if port != _DEBUG_PORT and not wanted:
        raise typer.BadParameter(
            f"a debugger's port needs --debug; for the API use --port {port}.",
            param_hint="DEBUG_PORT",
        )
    return port if wanted else None
