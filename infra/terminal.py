"""How the commands speak: plain lines that read well, with colour where there is a terminal."""

from rich.console import Console, RenderableType
from rich.text import Text


class Terminal:
    """Standard output for what a command tells, standard error for what went wrong."""

    def __init__(self) -> None:
        """Take the colours that the terminal has."""
        self._out = Console(soft_wrap=True, highlight=False)
        self._err = Console(soft_wrap=True, highlight=False, stderr=True)

    def say(self, line: str | Text = "", style: str = "") -> None:
        """Print a line as it is."""
        self._out.print(line if isinstance(line, Text) else Text(line, style))

    def show(self, content: RenderableType) -> None:
        """Print tables and the like, fitted to the width of the terminal."""
        self._out.print(content, soft_wrap=False)

    def step(self, line: str) -> None:
        """Print a line about work going on."""
        self._out.print(Text("· ", "dim"), Text(line), sep="")

    def note(self, line: str) -> None:
        """Print, beside the output, a line that another program said."""
        self._err.print(Text(line.rstrip("\n")))

    def warn(self, line: str) -> None:
        """Print what went wrong while the command goes on."""
        self._out.print(Text("! ", "bold yellow"), Text(line), sep="")

    def fail(self, line: str) -> None:
        """Print why the command ends."""
        self._err.print(Text("error: ", "bold red"), Text(line), sep="")
