"""`portfolio diagram`: the picture of a stage, printed or written to a file."""

from pathlib import Path

from infra.errors import DiagramError
from infra.settings import load_stage_settings
from infra.settings.files import stack_of
from portfolio.diagram.architecture import read_architecture
from portfolio.diagram.svg import draw
from portfolio.engine.recording import register_stage
from portfolio.terminal import Terminal


def show_diagram(stage: str, terminal: Terminal, *, output: Path | None) -> None:
    """Draw a stage's architecture from the resources in the program.

    Args:
        stage: the stage to draw.
        terminal: prints the SVG, or the path of the file.
        output: the file to write; None prints the SVG.

    Raises:
        PortfolioError: if the stage does not exist, the program refuses it, or the file cannot
            be written.
    """
    stack = stack_of(stage)
    picture = draw(read_architecture(register_stage(stack, load_stage_settings(stack))))
    if output is None:
        terminal.say(picture.removesuffix("\n"))
        return
    try:
        output.write_text(picture, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or error
        raise DiagramError(f"Cannot write {output}: {reason}. Choose another --output.") from error
    terminal.say(f"Wrote {output}")
