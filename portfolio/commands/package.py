"""`portfolio package`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from portfolio.commands.options import Json
from portfolio.terminal import Terminal


def package(  # noqa: PLR0913 - options
    *,
    stage: Annotated[str, typer.Option(help="The stage whose settings build the zip.")] = "local",
    output: Annotated[
        Path | None, typer.Option(help="Also copy the zip and its manifest here.", dir_okay=False)
    ] = None,
    engine: Annotated[
        Literal["container", "host"] | None,
        typer.Option(
            help="Where to install the dependencies (default: the stage's packageEngine)."
        ),
    ] = None,
    architecture: Annotated[
        Literal["x86_64", "arm64"] | None,
        typer.Option(help="The function's processor (default: the stage's)."),
    ] = None,
    image: Annotated[
        str | None, typer.Option(help="Container image for the build (default: the stage's).")
    ] = None,
    container_command: Annotated[
        str | None,
        typer.Option(help="Container program: docker or a compatible one (default: the stage's)."),
    ] = None,
    as_json: Json = False,
    clean: Annotated[
        bool, typer.Option("--clean", help="Empty the build cache, and build nothing.")
    ] = False,
) -> None:
    """Build the function's zip, and print its path and SHA-256."""
    from portfolio.package_report import build, empty_cache  # noqa: PLC0415 - for this command alone

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
