"""The commands of `portfolio`, and their options, as Typer knows them."""

from collections.abc import Iterator, Sequence
from typing import Any

from typer.main import get_command

from portfolio.cli import app


def list_commands() -> dict[tuple[str, ...], Any]:
    """Return each command by the words that call it."""
    return dict(_commands(get_command(app)))


def _commands(group: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, *names, name)
        else:
            yield (*names, name), command


def find_unknown(words: Sequence[str]) -> list[str]:
    """The words of a call of `portfolio` that are not a command or an option of it.

    Args:
        words: what follows `portfolio`; arguments are not looked at.
    """
    command: Any = get_command(app)
    for word in words:
        if word.startswith("-") or not hasattr(command, "commands"):
            break
        if word not in command.commands:
            return [word]
        command = command.commands[word]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    known.add("--help")
    # A single hyphen is standard input or output.
    options = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]
    return [option for option in options if option not in known]
