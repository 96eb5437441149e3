"""The command line: registers the commands of `portfolio/commands`, and nothing else."""

import sys
from collections.abc import Sequence
from typing import Final

import typer

from infra.errors import PortfolioError
from infra.processes.environment import drop_git_variables
from infra.processes.interruption import ending_on_signals, is_interrupted
from portfolio.commands import content, owner, preview
from portfolio.commands.adopt import adopt
from portfolio.commands.diagram import diagram
from portfolio.commands.doctor import doctor
from portfolio.commands.event import event
from portfolio.commands.inspect import inspect
from portfolio.commands.invoke import invoke
from portfolio.commands.logs import logs
from portfolio.commands.migrate import migrate
from portfolio.commands.open import open_page
from portfolio.commands.outputs import outputs
from portfolio.commands.package import package
from portfolio.commands.plain_help import PlainCommand, PlainGroup
from portfolio.commands.repair import repair
from portfolio.commands.rollback import rollback
from portfolio.commands.seed import seed
from portfolio.commands.stages import stages
from portfolio.commands.up import up
from portfolio.commands.validate import validate
from portfolio.terminal import Terminal

app: Final = typer.Typer(
    cls=PlainGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Build, run, deploy and operate portfolio-api.",
)
app.command(cls=PlainCommand)(up)
app.command(cls=PlainCommand)(package)
app.command(cls=PlainCommand)(inspect)
app.command(cls=PlainCommand)(logs)
app.command(cls=PlainCommand)(invoke)
app.command(cls=PlainCommand)(event)
app.command(cls=PlainCommand)(outputs)
app.command("open", cls=PlainCommand)(open_page)
app.command(cls=PlainCommand)(doctor)
app.command(cls=PlainCommand)(rollback)
app.command(cls=PlainCommand)(repair)
app.command(cls=PlainCommand)(stages)
app.command(cls=PlainCommand)(validate)
app.command(cls=PlainCommand)(diagram)
app.command(cls=PlainCommand)(seed)
app.command(cls=PlainCommand)(adopt)
app.command(cls=PlainCommand)(migrate)
app.add_typer(content.app, name="content")
app.add_typer(owner.app, name="owner")
app.add_typer(preview.app, name="preview")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command, and print a PortfolioError as one line without a traceback.

    Args:
        arguments: the command and its options (default: the arguments of this process).
    """
    drop_git_variables()
    with ending_on_signals():
        try:
            app(arguments)
        except PortfolioError as error:
            if is_interrupted():
                # Ctrl-C on a terminal also ends the child processes: their failure is expected.
                raise
            Terminal().fail(str(error))
            sys.exit(1)
