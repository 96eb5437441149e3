"""The commands people type beside pulumi's own."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from infra.errors import PortfolioError
from infra.processes.environment import drop_git_variables
from infra.processes.interruption import deferred_signals, ending_on_signals, is_interrupted
from portfolio.commands.adopt import adopt
from portfolio.commands.owner import app as owners
from portfolio.commands.preview import app as previews
from portfolio.commands.seed import seed
from portfolio.terminal import Terminal

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
    from portfolio.local.serve import up as run  # noqa: PLC0415 - seconds of imports

    terminal = Terminal()
    with deferred_signals():
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
    from portfolio.package_report import build, empty_cache  # noqa: PLC0415 - only this needs it

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
    from portfolio.inspection.show import inspect_change, inspect_zip  # noqa: PLC0415 - as above

    terminal = Terminal()
    if archive and other:
        inspect_change(archive, other, terminal, everything=everything, as_json=as_json)
    else:
        inspect_zip(archive, terminal, depth=depth, everything=everything, as_json=as_json)


@app.command()
def logs(  # noqa: PLR0913 - a command has as many options as it has
    *,
    stack: Annotated[
        str, typer.Option("--stack", "-s", help="Whose: dev, prod, pr-12 …, or local for make up.")
    ],
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
        from portfolio.logs.show import LogsOptions, show_logs  # noqa: PLC0415 - boto3 is slow

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


@app.command()
def rollback(
    version: Annotated[
        int | None,
        typer.Argument(min=1, metavar="VERSION", help="By default the one before the live one."),
    ] = None,
    *,
    stack: Annotated[str, typer.Option("--stack", "-s", help="Whose: dev or prod.")],
    unpin: Annotated[
        bool, typer.Option("--unpin", help="Let the next pulumi up follow the newest again.")
    ] = False,
) -> None:
    """Put an earlier version of the function behind the API, and keep it there."""
    from portfolio.rollback.roll_back import lift_pin, roll_back  # noqa: PLC0415 - boto3 is slow

    if unpin and version:
        raise typer.BadParameter("goes without VERSION.", param_hint="--unpin")
    if unpin:
        lift_pin(stack, Terminal())
    else:
        roll_back(stack, version, Terminal())


@app.command()
def stages(*, as_json: _AsJson = False) -> None:
    """Show every difference between local, preview, dev and prod, and why there is one."""
    from portfolio.stages.table import show_stages  # noqa: PLC0415 - seconds of imports

    show_stages(Terminal(), as_json=as_json)


@app.command()
def validate() -> None:
    """Check every stage's settings and program, uv.lock and openapi.json, without AWS."""
    from portfolio.validation import validate as run  # noqa: PLC0415 - only this needs it

    run(Terminal())


app.command()(seed)
app.command()(adopt)
app.add_typer(owners, name="owner")
app.add_typer(previews, name="preview")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a PortfolioError is one line, not a traceback.

    Args:
        arguments: the command and its options; by default those of this process.
    """
    drop_git_variables()
    with ending_on_signals():
        try:
            app(arguments)
        except PortfolioError as error:
            if is_interrupted():
                # Ctrl-C on a terminal ends the processes of a command as well.
                raise
            Terminal().fail(str(error))
            sys.exit(1)
