"""The commands people type beside pulumi's own."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

import typer

from infra.errors import PortfolioError
from infra.terminal import Terminal

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Build, run and look after portfolio-api.",
)

_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


@app.command()
def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port on localhost.")] = 8000,
) -> None:
    """Run the whole API on this machine, on an AWS emulator, until Ctrl-C.

    Sign in as owner@example.com with the password it prints, or set OWNER_PASSWORD.
    """
    from infra.local.serve import up as run  # noqa: PLC0415 - seconds of imports

    terminal = Terminal()
    # A script's background job has Ctrl-C ignored: then it comes back by itself when stopped.
    with suppress(KeyboardInterrupt):
        run(port, terminal)
    terminal.say("Stopped.")


@app.command()
def package(  # noqa: PLR0913 - options
    *,
    stage: Annotated[str, typer.Option(help="Whose settings to build with.")] = "local",
    output: Annotated[
        Path | None, typer.Option(help="Where to put a copy of the zip.", dir_okay=False)
    ] = None,
    engine: Annotated[
        Literal["container", "host"] | None,
        typer.Option(help="Where to install the dependencies; by default as the stage has it."),
    ] = None,
    architecture: Annotated[
        Literal["x86_64", "arm64"] | None, typer.Option(help="The function's processor.")
    ] = None,
    image: Annotated[str | None, typer.Option(help="The image to make the container from.")] = None,
    container_command: Annotated[
        str | None, typer.Option(help="What runs containers: docker or a drop-in for it.")
    ] = None,
    as_json: _AsJson = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Empty the cache of builds; build nothing.")
    ] = False,
) -> None:
    """Build the function's zip and print its path and sha256."""
    from infra.package_command import build, empty_cache  # noqa: PLC0415 - only this needs it

    if clean:
        empty_cache(Terminal())
        return
    chosen = {
        "architecture": architecture,
        "packageEngine": engine,
        "packageImage": image,
        "containerCommand": container_command,
    }
    build(stage, chosen, Terminal(), output=output, as_json=as_json)


@app.command()
def inspect(
    archive: Annotated[
        Path | None, typer.Argument(metavar="ZIP", help="By default the zip built last.")
    ] = None,
    other: Annotated[
        Path | None, typer.Argument(metavar="OTHER", help="Shows what changed from ZIP to this.")
    ] = None,
    *,
    depth: Annotated[int, typer.Option(min=1, help="How deep the tree goes.")] = 2,
    everything: Annotated[bool, typer.Option("--all", help="Leave nothing out.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Show what is in a zip; of two, what changed from the first to the second."""
    from infra.inspection.command import inspect_change, inspect_zip  # noqa: PLC0415 - as above

    terminal = Terminal()
    if archive and other:
        inspect_change(archive, other, terminal, everything=everything, as_json=as_json)
    else:
        inspect_zip(archive, terminal, depth=depth, everything=everything, as_json=as_json)


def main() -> None:
    """Run a command; what the user can mend is one line, not a traceback."""
    try:
        app()
    except PortfolioError as error:
        Terminal().fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
