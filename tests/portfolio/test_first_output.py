"""The first output of a command comes before its slow modules are imported."""

import os
import subprocess
import sys

import pexpect
import pytest

from tests.commands import PORTFOLIO

SLOW = ("boto3", "botocore", "httpx", "pulumi", "pydantic", "pygments", "rich", "starlette", "yaml")


@pytest.mark.parametrize("words", [("--help",), ("logs", "--help"), ("--version",)], ids=" ".join)
def test_help_and_version_import_no_slow_module(words: tuple[str, ...]) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *PORTFOLIO[1:], *words],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "typer" in imported
    assert imported.isdisjoint(SLOW)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("stages", "· comparing the settings and the program of each stage"),
        ("logs --stack dev", "· dev: reading its logs"),
        ("owner list --stack dev", "· dev: opening the stage"),
        ("preview down 12", "· pr-12: reading its settings"),
    ],
)
def test_a_slow_command_says_first_on_a_terminal_what_it_does(words: str, line: str) -> None:
    nowhere = os.environ | {"PATH": "/nowhere", "TERM": "dumb"}
    command: pexpect.spawn[str] = pexpect.spawn(
        PORTFOLIO[0], [*PORTFOLIO[1:], *words.split()], env=nowhere, encoding="utf-8", timeout=20
    )
    try:
        assert command.readline() == f"{line}\r\n"
    finally:
        command.close(force=True)
