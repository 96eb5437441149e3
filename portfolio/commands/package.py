"""`portfolio package`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from portfolio.commands.options import Json, begin, in_a_folder, stack_option

_Stage = Annotated[str, stack_option("The stage whose settings build the zip.")]
_Output = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Also copy the zip and its manifest here.",
        dir_okay=False,
        callback=in_a_folder,
    ),
]
_Engine = Annotated[
    Literal["container", "host"] | None,
    typer.Option(
        metavar="ENGINE",
        help="container or host: where to install the dependencies "
        "(default: the stage's packageEngine).",
    ),
]
_Architecture = Annotated[
    Literal["x86_64", "arm64"] | None,
    typer.Option(
        metavar="PROCESSOR",
        help="x86_64 or arm64: the function's processor (default: the stage's).",
    ),
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
    """Build the function's zip, and print its path and SHA-256.

    Examples:
        portfolio package
        portfolio package --stack prod --output function.zip
        portfolio package --engine container --architecture arm64
        portfolio package --clean
    """
    terminal = begin(f"{stage}: reading its settings")
    from portfolio.package_report import build, empty_cache

    if clean:
        empty_cache(terminal)
        return
    chosen = {
        "architecture": architecture,
        "packageEngine": engine,
        "packageImage": image,
        "containerCommand": container_command,
    }
    build(stage, chosen, terminal, output=output, as_json=as_json)
