"""`portfolio package`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from portfolio.commands.options import STACK_NAMES, Json
from portfolio.terminal import Terminal

_Stage = Annotated[
    str, typer.Option(*STACK_NAMES, metavar="STAGE", help="The stage whose settings build the zip.")
]
_Output = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Also copy the zip and its manifest here.", dir_okay=False),
]
_Engine = Annotated[
    Literal["container", "host"] | None,
    typer.Option(help="Where to install the dependencies (default: the stage's packageEngine)."),
]
_Architecture = Annotated[
    Literal["x86_64", "arm64"] | None,
    typer.Option(help="The function's processor (default: the stage's)."),
]
_Image = Annotated[
    str | None,
    typer.Option(metavar="IMAGE", help="Container image for the build (default: the stage's)."),
]
_ContainerCommand = Annotated[
    str | None,
    typer.Option(
        metavar="PROGRAM",
        help="Container program: docker or a compatible one (default: the stage's).",
    ),
]
_Clean = Annotated[bool, typer.Option("--clean", help="Empty the build cache, and build nothing.")]


def package(
    *,
    stage: _Stage = "local",
    output: _Output = None,
    engine: _Engine = None,
    architecture: _Architecture = None,
    image: _Image = None,
    container_command: _ContainerCommand = None,
    as_json: Json = False,
    clean: _Clean = False,
) -> None:
    """Build the function's zip, and print its path and SHA-256."""
    from portfolio.package_report import build, empty_cache

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
