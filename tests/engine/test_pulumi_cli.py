"""Failures of the `pulumi` program, explained alike for the CLI and the Automation API."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from pulumi.automation import CommandResult
from pulumi.automation.errors import CommandError

from infra.errors import StackError, ToolMissingError
from portfolio.engine.pulumi_cli import run_pulumi
from portfolio.engine.workspace import engine_errors, open_workspace

type Fail = Callable[[int, str, str], str]
"""Let `pulumi` fail with an exit code and its two outputs; the message of the StackError."""

PROGRESS: Final = """
 +  aws:dynamodb:Table table creating (0s) error: AccessDenied: no
Diagnostics:
  aws:dynamodb:Table (table):
    error: AccessDenied: no
"""
NO_BACKEND: Final = (
    "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions"
)


@pytest.fixture
def fake_pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a shell script on PATH as `pulumi`."""

    def write(script: str) -> None:
        program = tmp_path / "pulumi"
        program.write_text(f"#!/bin/sh\n[ $1 != version ] || exec echo v3.999.0\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return write


@pytest.fixture(params=["CLI", "Automation API"])
def fail(request: pytest.FixtureRequest, tmp_path: Path) -> Fail:
    def fail_cli(code: int, out: str, err: str) -> str:
        (tmp_path / "out").write_text(out)
        (tmp_path / "err").write_text(err)
        write: Callable[[str], None] = request.getfixturevalue("fake_pulumi")
        write(f"cat {tmp_path}/out; cat {tmp_path}/err >&2; exit {code}")
        with pytest.raises(StackError) as failure:
            run_pulumi("up")
        return str(failure.value).replace("pulumi up failed", "dev")

    def fail_api(code: int, out: str, err: str) -> str:
        with pytest.raises(StackError) as failure, engine_errors("dev"):
            raise CommandError(CommandResult(stdout=out, stderr=err, code=code))
        return str(failure.value)

    return fail_cli if request.param == "CLI" else fail_api


def test_each_error_is_printed_once_without_the_progress(fail: Fail) -> None:
    message = fail(255, PROGRESS, "error: AccessDenied: no\nerror: update failed\n")
    assert message == "dev: AccessDenied: no\n  update failed"


def test_without_an_error_the_last_line_is_printed(fail: Fail) -> None:
    assert (
        fail(9, "Updating (dev):\n\n", "") == "dev: the engine ended with code 9: Updating (dev):"
    )
    assert fail(9, "", "") == "dev: the engine ended with code 9: it printed nothing."


def test_a_missing_backend_is_explained(fail: Fail) -> None:
    assert fail(255, "", NO_BACKEND) == (
        "Pulumi does not know where the state of the stacks is: "
        "set PULUMI_BACKEND_URL (docs/bootstrap.md)."
    )


def test_advice_follows_the_reason() -> None:
    failure = CommandError(CommandResult(stdout="", stderr="error: no\n", code=1))
    with (
        pytest.raises(StackError, match=r"^dev: no\nTry again\.$"),
        engine_errors("dev", "Try again."),
    ):
        raise failure


def test_the_output_of_a_success_is_returned(fake_pulumi: Callable[[str], None]) -> None:
    fake_pulumi('echo "$*"; echo a warning >&2')
    assert run_pulumi("stack", "ls") == "stack ls --non-interactive --color never\n"


BROKEN: Final = {
    "no program": ("plain text\n", "does not run (Exec format error): "),
    "of another machine": (
        "\x7fELF\x02\x01\x01 of another machine",
        "does not run (Exec format error): ",
    ),
    "a missing interpreter": ("#!/missing\n", "does not run (No such file or directory): "),
    "old": ("#!/bin/sh\necho v3.100.0\n", "is version 3.100.0, but Pulumi.yaml requires >=3."),
    "very old": ("#!/bin/sh\necho v2.9.1-alpha.3+x\n", "is version 2.9.1, but "),
    "silent": ("#!/bin/sh\n", "prints no version (it printed nothing): "),
    "another program": ("#!/bin/sh\necho usage: play\n", "prints no version (usage: play): "),
    "failing": ("#!/bin/sh\necho no libc >&2\nexit 127\n", "prints no version (no libc): "),
}
"""A file on PATH, and the problem with it."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_or_old_program_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    content, problem = BROKEN[name]
    program = tmp_path / "pulumi"
    program.write_text(content)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    told = re.escape(f"{program} {problem}") + ".*install a newer one .*[.]$"
    with pytest.raises(ToolMissingError, match=told):
        run_pulumi("stack", "ls")
    with pytest.raises(ToolMissingError, match=told), open_workspace("dev"):
        pytest.fail("it opened")


def test_a_folder_is_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pulumi").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError, match="pulumi is not on PATH: install it "):
        run_pulumi("stack", "ls")


def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError, match="pulumi is not on PATH: install it "):
        run_pulumi("stack", "ls")
    with (
        pytest.raises(ToolMissingError, match="pulumi is not on PATH: install it "),
        open_workspace("dev"),
    ):
        pytest.fail("it opened")
