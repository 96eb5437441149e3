"""`portfolio package`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from portfolio.commands.options import Json
from portfolio.terminal import Terminal


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
    as_json: Json = False,
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
