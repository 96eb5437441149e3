"""The options of `portfolio` itself, and messages about a wrong command line."""

from typing import Annotated, Any

import typer


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from src import __version__

        typer.echo(f"portfolio {__version__}")
        raise typer.Exit


def portfolio(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Build, run, deploy and operate the API.

    Examples:
        portfolio up
        portfolio logs --stack dev --follow
        portfolio logs --help
    """


def describe_misuse(error: typer.TyperException) -> str:
    """Return one line: the wrong word of the command line, the reason, and the help to read."""
    reason = " ".join(_reason(error).removeprefix("Value error, ").split()).rstrip(".")
    context: Any = getattr(error, "ctx", None)
    help_ = f"{context.command_path if context else 'portfolio'} --help"
    return f"{reason}{'' if reason.endswith('?') else '.'} See {help_}."


def _reason(error: typer.TyperException) -> str:
    parameter: Any = getattr(error, "param", None)
    place = getattr(error, "param_hint", None) or (parameter and _name(parameter))
    if not place:
        return error.format_message()
    reason = error.message.removeprefix("Value error, ")
    return f"{place}: {reason}" if reason else f"{place} is missing"


def _name(parameter: Any) -> str:  # noqa: ANN401 - Typer does not export its type
    return parameter.metavar if parameter.param_type_name == "argument" else parameter.opts[0]
