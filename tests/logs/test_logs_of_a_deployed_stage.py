"""`portfolio logs` of a stage in AWS: with its profile, and only in an account that it allows."""

import json
import os
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import yaml

from tests.checkout import copy_checkout
from tests.commands import PORTFOLIO, run_command
from tests.logs.cloudwatch import STREAM, put

if TYPE_CHECKING:
    from portfolio.local.emulator import Emulator

DEVELOPMENT: Final = "111111111111"
"""The account that Pulumi.dev.yaml allows. For the emulator, an access key names its account."""

OTHER: Final = "222222222222"


@dataclass(frozen=True)
class Deployed:
    """The stack dev as a Pulumi CLI on PATH describes it, with logs in both accounts."""

    folder: Path
    endpoint: str

    @property
    def variables(self) -> dict[str, str]:
        """All that a command needs except credentials."""
        return {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials"),
            "NO_PROXY": "127.0.0.1,localhost",
            "PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}",
        }

    def variables_of(self, account: str) -> dict[str, str | None]:
        """The same with an account's credentials, and without those of this machine."""
        credentials = {"AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "test"}
        return {**self.variables, **credentials, "AWS_PROFILE": None, "AWS_SESSION_TOKEN": None}

    def set_outputs(self, outputs: dict[str, str]) -> None:
        """Install a `pulumi` that prints these outputs and notes that it was called."""
        pulumi = self.folder / "pulumi"
        pulumi.write_text(
            "#!/bin/sh\n"
            f": > {self.folder}/called\n"
            '[ "$1" != version ] || exec echo v3.999.0\n'
            f"echo '{json.dumps(outputs)}'\n"
        )
        pulumi.chmod(0o755)

    def has_been_asked_for(self) -> bool:
        """Return True if a command has called `pulumi`."""
        return (self.folder / "called").exists()


@pytest.fixture
def deployed(emulator: "Emulator", tmp_path: Path) -> Deployed:
    import boto3  # noqa: PLC0415 - slow to import

    stack = Deployed(tmp_path, emulator.endpoint)
    names = {output: f"/{output}/{uuid.uuid4()}" for output in ("access_log_group", "log_group")}
    for account in (DEVELOPMENT, OTHER):
        session = boto3.Session(account, "test", region_name="us-east-1")
        logs = session.client("logs", endpoint_url=emulator.endpoint)
        for name in names.values():
            logs.create_log_group(logGroupName=name)
            logs.create_log_stream(logGroupName=name, logStreamName=STREAM)
        put(logs, names["log_group"], f"logged in {account}")
    stack.set_outputs(names)
    return stack


def test_the_logs_of_the_stacks_groups_are_printed(deployed: Deployed) -> None:
    result = run_command("logs", "--stack", "dev", env=deployed.variables_of(DEVELOPMENT))
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith(f"logged in {DEVELOPMENT}\n")


def test_another_account_is_refused_before_anything_is_read(deployed: Deployed) -> None:
    result = run_command("logs", "--stack", "dev", env=deployed.variables_of(OTHER))
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(
        f"error: The AWS credentials belong to account {OTHER}, but allowedAccounts of the "
        f"environment development lists {DEVELOPMENT}"
    )
    assert not deployed.has_been_asked_for()


def test_the_profile_of_the_stage_is_used(deployed: Deployed, tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    file = checkout / "Pulumi.dev.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["config"]["aws:profile"] = "developer"
    file.write_text(yaml.safe_dump(settings))
    (tmp_path / "credentials").write_text(
        f"[default]\naws_access_key_id = {OTHER}\naws_secret_access_key = test\n"
        f"[developer]\naws_access_key_id = {DEVELOPMENT}\naws_secret_access_key = test\n"
    )
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    result = subprocess.run(
        [*PORTFOLIO, "logs", "--stack", "dev"],
        cwd=checkout,
        env=inherited | deployed.variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith(f"logged in {DEVELOPMENT}\n")


def test_a_stack_without_log_groups_is_one_clear_line(deployed: Deployed) -> None:
    deployed.set_outputs({})
    result = run_command("logs", "--stack", "dev", env=deployed.variables_of(DEVELOPMENT))
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "error: The stack dev has no output access_log_group: deploy it with pulumi up -s dev.\n"
    )
