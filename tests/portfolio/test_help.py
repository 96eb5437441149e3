"""`portfolio COMMAND --help` and wrong command lines: short, plain, the same everywhere."""

import shlex
import tomllib

import pytest

from infra.paths import ROOT
from tests.command_options import find_unknown, list_commands
from tests.commands import Result, run_command

COMMANDS = list_commands()
HELPS = [(), ("owner",), ("preview",), ("secret",), *COMMANDS]


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
        *("migrate", "owner", "package", "repair", "rollback", "secret", "seed", "traces"),
    }


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_each_help_is_plain_and_has_examples(words: tuple[str, ...]) -> None:
    printed = run_command(*words, "-h", env={"COLUMNS": "60"}).out
    assert printed == run_command(*words, "--help", env={"COLUMNS": "60"}).out
    assert [word for word in ("<", "{EMAIL}", "{NUMBER}", "x>=", "\x1b") if word in printed] == []
    text, _, examples = printed.partition("\nExamples:\n")
    assert max(map(len, text.splitlines())) <= 60
    calls = [line for line in examples.partition("\n\n")[0].splitlines() if line]
    assert calls
    for call in calls:
        program, *called = shlex.split(call)
        assert program == "portfolio"
        assert called[: len(words)] == [*words]
        assert find_unknown(called) == []


def test_each_command_is_listed_under_a_topic() -> None:
    listed = run_command("--help").out
    assert "\nDevelop:\n" in listed
    assert "\nOperate a stage:\n" in listed
    assert "\nDeploy:\n" in listed
    assert "\nCommands:\n" not in listed
    assert "Exit codes: 0 done, 1 failed" in listed


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert run_command("--version") == Result(0, f"portfolio {project['version']}\n", "")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            "up --port x",
            "--port: x is not a whole number from 1 to 65535. See portfolio up --help.",
        ),
        ("up --port 70000", "--port: 70000 is not a whole number from 1 to 65535."),
        ("inspect --depth 0", "--depth: 0 is not a whole number of at least 1."),
        ("preview up ٣", "NUMBER: ٣ is not a whole number from 1 to 9999999999."),
        ("rollback 1.5 --stack dev", "VERSION: 1.5 is not a whole number of at least 1."),
        ("package --engine x", "--engine: 'x' is not one of 'container', 'host'."),
        ("logs", "--stack is missing. See portfolio logs --help."),
        ("logs --stack", "Option '--stack' requires an argument. See portfolio logs --help."),
        ("logs --json=5 --stack dev", "Option '--json' does not take a value."),
        ("owner create", "EMAIL is missing. See portfolio owner create --help."),
        ("lgos", "No such command 'lgos'. Did you mean 'logs'? See portfolio --help."),
        ("up 5678 twice", "Got unexpected extra argument(s) (twice)."),
        (
            "logs --stack Prdo",
            "--stack: unknown stage Prdo: did you mean prod? The stages are dev,",
        ),
        ("seed --stage pr-x", "--stack: unknown stage pr-x. The stages are dev, local, preview,"),
        ("owner list -s pr-0", "--stack: unknown stage pr-0. The stages are"),
    ],
)
def test_a_wrong_command_line_is_answered_in_one_line(words: str, line: str) -> None:
    result = run_command(*words.split())
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {line}")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("words", [(), ("owner",), ("preview",)], ids=" ".join)
def test_a_group_alone_prints_its_help_and_fails(words: tuple[str, ...]) -> None:
    assert run_command(*words) == Result(2, "", run_command(*words, "--help").out)
