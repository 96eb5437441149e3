"""The command line: registers the commands of `portfolio/commands`, and nothing else."""

import sys
from collections.abc import Sequence
from typing import Final, NoReturn

import typer

from infra.errors import PortfolioError
from infra.processes.environment import drop_git_variables
from infra.processes.interruption import ending_on_signals, is_interrupted
from portfolio.commands import content, owner, preview, secret
from portfolio.commands.adopt import adopt
from portfolio.commands.diagram import diagram
from portfolio.commands.doctor import doctor
from portfolio.commands.event import event
from portfolio.commands.inspect import inspect
from portfolio.commands.invoke import invoke
from portfolio.commands.logs import logs
from portfolio.commands.migrate import migrate
from portfolio.commands.new import new
from portfolio.commands.open import open_page
from portfolio.commands.outputs import outputs
from portfolio.commands.package import package
from portfolio.commands.plain_help import PlainCommand, PlainGroup
from portfolio.commands.probe import probe
from portfolio.commands.repair import repair
from portfolio.commands.rollback import rollback
from portfolio.commands.seed import seed
from portfolio.commands.stages import stages
from portfolio.commands.up import up
from portfolio.commands.usage import describe_misuse, portfolio
from portfolio.commands.validate import validate

_DEVELOP: Final = "Develop"
_OPERATE: Final = "Operate a stage"
_DEPLOY: Final = "Deploy"

_EXIT_CODES: Final = """
Exit codes: 0 done, 1 failed (the last line says why), 2 wrong command line, 130 interrupted.

Results go to standard output; progress, warnings and errors go to standard error.
"""

app: Final = typer.Typer(
    cls=PlainGroup,
    pretty_exceptions_enable=False,
    # Plain text, because Typer's boxes take 0.3 s to import.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    callback=portfolio,
    epilog=_EXIT_CODES,
)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(up)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(validate)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(stages)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(package)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(inspect)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(diagram)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(doctor)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(new)
app.command(cls=PlainCommand, rich_help_panel=_DEVELOP)(event)
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(logs)
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(invoke)
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(probe)
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(outputs)
app.command("open", cls=PlainCommand, rich_help_panel=_OPERATE)(open_page)
app.add_typer(content.app, name="content", rich_help_panel=_OPERATE)
app.add_typer(owner.app, name="owner", rich_help_panel=_OPERATE)
app.add_typer(secret.app, name="secret", rich_help_panel=_OPERATE)
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(seed)
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(rollback)
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(repair)
app.add_typer(preview.app, name="preview", rich_help_panel=_DEPLOY)
app.command(cls=PlainCommand, rich_help_panel=_DEPLOY)(adopt)
app.command(cls=PlainCommand, rich_help_panel=_DEPLOY)(migrate)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command, and print an error for the user as one line without a traceback.

    Args:
        arguments: the command and its options (default: the arguments of this process).
    """
    drop_git_variables()
    with ending_on_signals():
        try:
            # Typer's own handling of errors prints boxes.
            code: int | None = app(arguments, prog_name="portfolio", standalone_mode=False)
        except PortfolioError as error:
            if is_interrupted():
                # Ctrl-C on a terminal also ends the child processes: their failure is expected.
                raise
            _fail(str(error), 1)
        except typer.TyperException as error:
            _fail(describe_misuse(error), error.exit_code)
        except typer.Abort:
            _fail("The question has no answer, because standard input has ended.", 1)
        sys.exit(code or 0)


def _fail(message: str, code: int) -> NoReturn:
    from portfolio.terminal import Terminal  # noqa: PLC0415 - rich is slow to import

    Terminal().fail(message)
    sys.exit(code)
