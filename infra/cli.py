"""The commands people type beside pulumi's own."""

import sys
from pathlib import Path
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
    try:
        run(port, terminal)
    except KeyboardInterrupt:
        terminal.say("Stopped.")


@app.command()
def package(
    output: Annotated[
        Path | None, typer.Option(help="Where to put a copy of the zip.", dir_okay=False)
    ] = None,
    *,
    as_json: _AsJson = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Empty the cache of builds; build nothing.")
    ] = False,
) -> None:
    """Build the function's zip and print its path and sha256."""
    from infra.environment import made_up_environment  # noqa: PLC0415 - only this needs them
    from infra.package import Budget, Target, build_package  # noqa: PLC0415
    from infra.package_report import copy_package, report_json  # noqa: PLC0415
    from infra.settings import load_stage_settings  # noqa: PLC0415

    terminal = Terminal()
    if clean:
        _clean(terminal)
        return
    built = build_package(
        Target(),
        environment=made_up_environment(),
        progress=_keep_quiet if as_json else terminal.step,
        budget=Budget.of(load_stage_settings("local")),
    )
    path = output or built.path
    if output:
        copy_package(built, output)
    terminal.say(report_json(built, path) if as_json else f"{path}  sha256:{built.sha256}")


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


@app.command()
def stages(*, as_json: _AsJson = False) -> None:
    """Show every difference between local, preview, dev and prod, and why there is one."""
    from infra.stages.command import show_stages  # noqa: PLC0415 - seconds of imports

    show_stages(Terminal(), as_json=as_json)


@app.command()
def validate() -> None:
    """Check every stage's settings and program, uv.lock and openapi.json, without AWS."""
    from infra.validate import validate as run  # noqa: PLC0415 - only this needs it

    run(Terminal())


def _clean(terminal: Terminal) -> None:
    from infra.package.storage import clear_caches  # noqa: PLC0415
    from infra.package_report import report_cleared  # noqa: PLC0415
    from infra.paths import ROOT  # noqa: PLC0415

    terminal.say(report_cleared(clear_caches(ROOT)))


def _keep_quiet(_: str) -> None:
    pass


def main() -> None:
    """Run a command; what the user can mend is one line, not a traceback."""
    try:
        app()
    except PortfolioError as error:
        Terminal().fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
