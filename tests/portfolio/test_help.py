"""`portfolio COMMAND --help`: the same name for the same option, and a short layout."""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from portfolio.cli import app
from tests.commands import run_command


def commands(group: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each command of a group and of its groups, with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *names, name)
        else:
            yield (*names, name), command


COMMANDS = dict(commands(get_command(app)))


def test_every_stage_option_has_the_same_names() -> None:
    options = {
        words: tuple(each.opts)
        for words, command in COMMANDS.items()
        for each in command.params
        if {"--stack", "--stage"} & {*each.opts}
    }
    assert set(options.values()) == {("--stack", "--stage", "-s")}
    assert {words[0] for words in options} == {
        *("adopt", "content", "diagram", "doctor", "inspect", "invoke", "logs", "open"),
        "outputs",
        *("migrate", "owner", "package", "repair", "rollback", "seed"),
    }


@pytest.mark.parametrize("words", [(), *COMMANDS], ids=" ".join)
def test_help_has_no_types_of_flags_and_no_braces(words: tuple[str, ...]) -> None:
    printed = run_command(*words, "--help").out
    assert "--help" in printed
    assert [
        word for word in ("<bool>", "<int range> [1<", "{EMAIL}", "{NUMBER}") if word in printed
    ] == []
