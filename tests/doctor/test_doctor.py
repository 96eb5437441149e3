"""`portfolio doctor`: tools of this machine, and the parts of a stage."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from portfolio.doctor.tools import Tool, find_tools
from tests.commands import Result, run_command

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator
    from tests.local_stage import ServedStage

DEVELOPMENT: Final = "111111111111"
"""The account that Pulumi.dev.yaml allows. For the emulator, an access key names its account."""


@dataclass(frozen=True)
class Machine:
    """A machine with a `pulumi` of the test."""

    folder: Path
    endpoint: str

    def install_pulumi(self, script: str) -> None:
        """Install a `pulumi` with this script."""
        pulumi = self.folder / "pulumi"
        pulumi.write_text(f"#!/bin/sh\n{script}\n")
        pulumi.chmod(0o755)

    def examine(self, *options: str, account: str = DEVELOPMENT) -> Result:
        """Run `portfolio doctor` with the credentials of an account."""
        return run_command(
            "doctor",
            *options,
            env={
                "AWS_ACCESS_KEY_ID": account,
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_ENDPOINT_URL": self.endpoint,
                "AWS_PROFILE": None,
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_SESSION_TOKEN": None,
                "COLUMNS": "300",
                "NO_PROXY": "127.0.0.1,localhost",
                "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
            },
        )


@pytest.fixture
def machine(emulator: "Emulator", tmp_path: Path) -> Machine:
    return Machine(tmp_path, emulator.endpoint)


def outputs_script(outputs: dict[str, str]) -> str:
    """Return a `pulumi` with a state and a stack with these outputs."""
    return f"""case "$1" in
version) echo v3.999.1 ;;
whoami) echo '{{"user": "me", "url": "file:///state"}}' ;;
stack) echo '{json.dumps(outputs)}' ;;
esac"""


def find_line(result: Result, name: str) -> str:
    """Return the row of a tool or part."""
    (line,) = [each for each in result.out.splitlines() if each.split()[:1] == [name]]
    return line


def test_tools_are_listed_with_their_versions_and_uses(machine: Machine) -> None:
    machine.install_pulumi(outputs_script({}))
    result = machine.examine()
    assert (result.code, result.err) == (0, "")
    assert find_line(result, "pulumi").split()[1] == "3.999.1"
    assert "every command" in find_line(result, "uv")


def test_a_broken_tool_is_listed_with_its_reason_and_the_next_step(machine: Machine) -> None:
    machine.install_pulumi("echo 'cannot load' >&2; exit 3")
    line = find_line(machine.examine(), "pulumi")
    assert "it failed: cannot load" in line
    assert "install it (https://www.pulumi.com/docs/install)" in line


def test_a_file_that_is_no_program_and_a_missing_program_are_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("\x7fELF no program\n")
    wrong.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    tools = [Tool(name, ("version",), "a test", "install it") for name in ("wrong", "missing")]
    broken, missing = find_tools(tools)
    assert broken.version is None
    assert broken.problem.startswith("it does not run: ")
    assert missing.problem == "not on PATH"


def test_a_deployed_stage_is_checked_to_its_api(
    machine: Machine, local_stage: "ServedStage"
) -> None:
    machine.install_pulumi(outputs_script({"api_url": local_stage.url}))
    result = machine.examine("--stack", "dev")
    assert (result.code, result.err) == (0, "")
    found = {name: find_line(result, name) for name in ("region", "account", "state", "API")}
    assert "us-east-1" in found["region"]
    assert DEVELOPMENT in found["account"]
    assert "file:///state" in found["state"]
    assert f"{local_stage.url}/health answers 200" in found["API"]


@pytest.mark.parametrize(
    ("outputs", "part", "reason"),
    [
        ({}, "stack", "dev is not deployed: run pulumi up -s dev."),
        ({"api_url": "http://127.0.0.1:9"}, "API", "http://127.0.0.1:9/health cannot be reached"),
    ],
)
def test_the_first_part_with_a_problem_ends_the_list(
    machine: Machine, outputs: dict[str, str], part: str, reason: str
) -> None:
    machine.install_pulumi(outputs_script(outputs))
    result = machine.examine("--stack", "dev")
    assert reason in find_line(result, part)
    assert result.code == 1
    assert result.err == f"error: The stage dev cannot be used yet: see {part} above.\n"


def test_another_account_is_a_problem(machine: Machine) -> None:
    machine.install_pulumi(outputs_script({}))
    result = machine.examine("--stack", "dev", account="222222222222")
    assert "belong to account 222222222222" in find_line(result, "account")
    assert result.code == 1


def test_the_local_stage_is_checked(machine: Machine, local_stage: "ServedStage") -> None:
    result = machine.examine("--stack", "local", "--port", str(local_stage.port))
    assert result.code == 0
    assert f"{local_stage.url}/health answers 200" in find_line(result, "API")
