"""The command line: registers the commands of `portfolio/commands`, and nothing else."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Final

import typer
from typer.main import get_command

from infra.errors import CommandLineError
from infra.processes.interruption import ending_on_signals, is_interrupted
from infra.processes.printable import make_pythons_output_printable, printable_message
from infra.processes.streams import find_failed_output
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
from portfolio.commands.traces import traces
from portfolio.commands.up import up
from portfolio.commands.usage import describe_misuse, portfolio
from portfolio.commands.validate import validate

_DEVELOP: Final = "Develop"
_OPERATE: Final = "Operate a stage"
_DEPLOY: Final = "Deploy"

_EXIT_CODES: Final = """
Exit codes: 0 done, 1 failed (the last line says why), 2 wrong command line, 130 ended by Ctrl-C.

Results go to standard output; progress, warnings and errors go to standard error.
"""

_build: Final = cache(get_command)
"""Typer takes 15 ms for our commands, and tests call `main` many times."""

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
app.command(cls=PlainCommand, rich_help_panel=_OPERATE)(traces)
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
    """Run a command, and print an error as one or two lines without a traceback.

    Args:
        arguments: the command and its options (default: the arguments of this process).
    """
    make_pythons_output_printable()
    with ending_on_signals():
        code, message = _run(arguments)
        failed = find_failed_output()
        if message := message or failed:
            _print_error(message)
            find_failed_output()
            sys.exit(code or 1)
        sys.exit(code)


def _run(arguments: Sequence[str] | None) -> tuple[int, str]:
    """Run a command; return its exit code, and the message of an error."""
    try:
        # Typer's own handling of errors prints boxes.
        return _build(app)(arguments, prog_name="portfolio", standalone_mode=False) or 0, ""
    except typer.TyperException as error:
        return error.exit_code, describe_misuse(error)
    except typer.Abort:
        return 1, "The question has no answer, because standard input has ended."
    except Exception as error:
        if is_interrupted():
            # Ctrl-C on a terminal also ends the child processes: their failure is expected.
            raise
        from portfolio.errors.failures import explain_failure  # noqa: PLC0415 - rich is slow to import

        return 2 if isinstance(error, CommandLineError) else 1, explain_failure(error)


def _print_error(message: str) -> None:
    with suppress(OSError):
        try:
            from portfolio.terminal import Terminal  # noqa: PLC0415 - rich is slow to import
        except Exception:  # noqa: BLE001 - the message is about an incomplete library then
            sys.stderr.write(f"error: {printable_message(message)}\n")
        else:
            Terminal().fail(message)
