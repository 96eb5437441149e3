"""The guide from SAM: its commands, options and settings are ones that exist."""

import re
import shlex
from collections.abc import Iterator
from typing import Any, Final

import botocore.session
import pytest
import yaml
from botocore import xform_name
from typer.main import get_command

from infra.cli import app
from infra.paths import ROOT
from infra.settings.problems import KEYS
from tests.real.engine.command import find_engine

PAGE: Final = (ROOT / "docs" / "moving-from-sam.md").read_text()
STEPS: Final = PAGE.split("\n## ")[1:]

_AWS_OPTIONS: Final = {"--query", "--output"}
"""The AWS CLI's own, for every command."""


def read_commands() -> Iterator[list[str]]:
    """Each command of the page, in words."""
    for block in re.findall(r"```sh\n(.+?)```", PAGE, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            for found in re.findall(r"(?:aws|pulumi|uv run|make|sam) [^)&|]+", line):
                yield shlex.split(found)


COMMANDS: Final = list(read_commands())


def commands_of(program: str) -> list[Any]:
    found = [words[1:] for words in COMMANDS if words[0] == program]
    return [pytest.param(words, id=" ".join(words)[:60]) for words in found]


def options_in(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if word.startswith("--")}


def test_no_command_is_overlooked() -> None:
    programs = {words[0] for words in COMMANDS}
    assert programs == {"aws", "make", "pulumi", "sam", "uv"}
    assert len(COMMANDS) > 20


@pytest.mark.parametrize("words", commands_of("uv"))
def test_a_command_of_ours_exists_with_its_options(words: list[str]) -> None:
    assert words[:2] == ["run", "portfolio"]
    commands: Any = get_command(app)
    options = {name for each in commands.commands[words[2]].params for name in each.opts}
    assert options_in(words) <= options


@pytest.mark.parametrize("words", commands_of("pulumi"))
def test_a_command_of_pulumis_exists_with_its_options(words: list[str]) -> None:
    engine = find_engine()
    names = [word for word in words[:2] if word.isalpha()]
    printed: str = engine.run([*names, "--help"], str(ROOT), {"HOME": "/nonexistent"}).stdout
    # What it does not know, it takes for an argument of what is before it.
    usage = printed.partition("Usage:")[2].partition("Flags:")[0]
    assert set(names) <= set(re.findall(r"[a-z]+", usage))
    assert options_in(words) <= set(re.findall(r"--[a-z-]+", printed))


@pytest.mark.parametrize("words", commands_of("aws"))
def test_a_command_of_awss_exists_with_its_options(words: list[str]) -> None:
    service, name, *rest = words
    session = botocore.session.get_session()
    if name == "wait":
        waiters: Any = session.get_waiter_model(service)
        assert rest[0] in {xform_name(each, "-") for each in waiters.waiter_names}
        name = "describe-stacks"
    model: Any = session.get_service_model(service)
    operations = {xform_name(each, "-"): each for each in model.operation_names}
    members = model.operation_model(operations[name]).input_shape.members
    options = {f"--{xform_name(each, '-')}" for each in members}
    assert options_in(rest) <= options | _AWS_OPTIONS


@pytest.mark.parametrize("words", commands_of("make"))
def test_a_target_of_make_exists_with_its_variables(words: list[str]) -> None:
    assert f"\n{words[0]}: " in (ROOT / "Makefile").read_text()
    readme = (ROOT / "README.md").read_text()
    for word in words[1:]:
        assert f"{word.partition('=')[0]}=" in readme


def test_every_setting_that_adopts_is_told_and_no_other() -> None:
    told = set(re.findall(r"\badopt[A-Z]\w*", PAGE))
    assert told == {key for key in KEYS if key.startswith("adopt")}


def test_settings_that_are_set_exist() -> None:
    for words in COMMANDS:
        if words[1:3] == ["config", "set"]:
            assert words[3] in KEYS


def test_the_names_are_those_of_production() -> None:
    config = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text())["config"]
    assert config["portfolio-api:domainName"] in PAGE
    assert f"{config['portfolio-api:environment']}-portfolio-api-table" in PAGE


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.splitlines()[0])
def test_a_step_has_a_way_back(step: str) -> None:
    assert "\n*Way back:* " in step
