"""The commands people type beside pulumi's own."""

import sys
from pathlib import Path
from shutil import copyfile
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
    engine: Annotated[
        Literal["container", "host"], typer.Option(help="Where to install the dependencies.")
    ] = "host",
    architecture: Annotated[
        Literal["x86_64", "arm64"], typer.Option(help="The function's processor.")
    ] = "x86_64",
    image: Annotated[str | None, typer.Option(help="The image to make the container from.")] = None,
    container_command: Annotated[
        str | None, typer.Option(help="What runs containers: docker or a drop-in for it.")
    ] = None,
) -> None:
    """Build the function's zip and print its path and sha256."""
    from infra.environment import made_up_environment  # noqa: PLC0415 - only this needs them
    from infra.package import Target, build_package, choose_engine  # noqa: PLC0415
    from infra.settings import parse_settings  # noqa: PLC0415
    from infra.stage_files import stage_config  # noqa: PLC0415

    terminal = Terminal()
    defaults = parse_settings(stage_config("local"))
    built = build_package(
        Target(architecture=architecture),
        environment=made_up_environment(),
        engine=choose_engine(
            engine,
            image=image or defaults.package_image,
            command=container_command or defaults.container_command,
            progress=terminal.step,
        ),
        progress=terminal.step,
    )
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
