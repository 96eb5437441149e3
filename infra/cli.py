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
def logs(  # noqa: PLR0913 - a command has as many options as it has
    *,
    stack: Annotated[str, typer.Option(help="Whose: dev, prod, pr-12 …, or local for make up.")],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    since: Annotated[
        str | None,
        typer.Option(
            help="From when on: 30s, 10m, 2h or 1d ago, or an ISO time; 10m by default, "
            "1d with --request-id."
        ),
    ] = None,
    filter_: Annotated[
        str | None,
        typer.Option(
            "--filter",
            help="What to find, in CloudWatch's filter pattern syntax: words that all occur "
            '(case counts), "a phrase", ?one ?of, -without, { $.status = 5* }, %regex%. Text with '
            "other characters, like /v1/blog, is taken as a phrase.",
        ),
    ] = None,
    request_id: Annotated[
        str | None,
        typer.Option(
            help="Everything of one request: the X-Request-Id of its answer, "
            "or an id that the log shows."
        ),
    ] = None,
    port: Annotated[int | None, typer.Option(help="Which local stage, where several run.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print CloudWatch's events, one JSON object a line.")
    ] = False,
) -> None:
    """Show a stage's logs: the function's and the gateway's access log, merged by time."""
    try:
        from infra.logs.command import LogsOptions, show_logs  # noqa: PLC0415 - boto3 is slow

        options = LogsOptions(
            stack=stack,
            port=port,
            since=since,
            filter=filter_,
            request_id=request_id,
            follow=follow,
            as_json=as_json,
        )
        show_logs(options, Terminal())
    except KeyboardInterrupt:
        if not follow:
            raise


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
