"""The commands people type beside pulumi's own."""

import sys
from pathlib import Path
from shutil import copyfile
from typing import Annotated

import typer

from infra.errors import PortfolioError
from infra.terminal import Terminal

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Build, run and look after portfolio-api.",
)


@app.command()
def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on localhost.")] = 8000,
) -> None:
    """Run the whole API on this machine, on an AWS emulator, until Ctrl-C.

    Sign in as owner@example.com with the password it prints, or set OWNER_PASSWORD.
    """
    from infra.local.serve import up as run  # noqa: PLC0415 - seconds of imports

    terminal = Terminal()
    try:
        run(port, terminal)
    except KeyboardInterrupt:
        terminal.say("Stopped.")


@app.command()
def package(
    output: Annotated[
        Path | None, typer.Option(help="Where to put a copy of the zip.", dir_okay=False)
    ] = None,
) -> None:
    """Build the function's zip and print its path and sha256."""
    from infra.environment import made_up_environment  # noqa: PLC0415 - only this needs them
    from infra.package import Target, build_package  # noqa: PLC0415

    terminal = Terminal()
    built = build_package(Target(), environment=made_up_environment(), progress=terminal.step)
    path = copyfile(built.path, output) if output else built.path
    terminal.say(f"{path}  sha256:{built.sha256}")


def main() -> None:
    """Run a command; what the user can mend is one line, not a traceback."""
    try:
        app()
    except PortfolioError as error:
        Terminal().fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
