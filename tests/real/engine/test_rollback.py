"""`portfolio rollback`: the real engine has the stack, the emulator the function's versions."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from infra.paths import PROJECT
from portfolio.local.emulator import Emulator
from tests.checkout import copy_checkout
from tests.real.engine.resource_keys import ALIAS
from tests.real.engine.small_package import make_package
from tests.real.engine.stack_commands import account_of, command_variables
from tests.real.engine.stage_stack import StageStack
from tests.rollback.lambda_versions import FUNCTION, live_version, make_versions

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


class Stage:
    """The stack dev and its function, in a copy of the checkout with its own settings."""

    def __init__(
        self, folder: Path, stack: StageStack, emulator: Emulator, client: "LambdaClient"
    ) -> None:
        self.stack = stack
        self._checkout = copy_checkout(folder)
        self._variables = command_variables(stack, emulator, account_of("dev"))
        self._client = client

    @property
    def live(self) -> str:
        return live_version(self._client)

    @property
    def pin(self) -> int | None:
        settings = yaml.safe_load((self._checkout / "Pulumi.dev.yaml").read_text())
        pinned = settings["config"].get(f"{PROJECT}:pinnedVersion")
        return pinned and int(pinned)  # pulumi config set writes a string

    def rollback(self, *arguments: str) -> str:
        """Run the command and return its output on one line."""
        finished = subprocess.run(
            [sys.executable, "-m", "portfolio", "rollback", *arguments, "--stack", "dev"],
            cwd=self._checkout,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = finished.stdout + finished.stderr
        assert finished.returncode == 0, printed
        return " ".join(printed.split())


@pytest.fixture
def stage(dev: StageStack, emulator: Emulator, tmp_path: Path) -> Iterator[Stage]:
    with make_versions(emulator.endpoint, account_of("dev")) as client:
        yield Stage(tmp_path / "checkout", dev, emulator, client)


def test_the_version_before_is_put_behind_the_api_and_pinned_until_that_is_lifted(
    stage: Stage,
) -> None:
    told = stage.rollback()
    assert f"{FUNCTION}: live is now version 2 (before: 3)." in told
    assert "Pulumi.dev.yaml pins the version: commit that change" in told
    assert (stage.live, stage.pin) == ("2", 2)
    assert "live is now version 2 (before: 2)." in stage.rollback("2")
    assert (
        "Pulumi.dev.yaml no longer pins version 2: the next pulumi up --stack dev moves live to "
        "the newest." in stage.rollback("--unpin")
    )
    assert (stage.live, stage.pin) == ("2", None)


def test_pulumi_knows_where_the_alias_is_right_after(stage: Stage) -> None:
    stage.stack.package = make_package(stage.stack.folder / "other", code="handler = 'other'")
    stage.stack.up()
    alias = stage.stack.account.only(ALIAS.token)
    alias.inputs |= {"functionVersion": "1"}
    outputs, calls = stage.stack.state.outputs, len(stage.stack.account.calls)
    told = stage.rollback("1")
    assert "live is now version 1 (before: 3)" in told
    assert "state" not in told
    assert stage.stack.state.resources[ALIAS]["outputs"]["functionVersion"] == "1"
    assert stage.stack.state.outputs == {**outputs, "live_version": "1"}
    assert stage.stack.account.calls[calls:] == []
    assert stage.stack.up(pinnedVersion=stage.pin).operations == {}


def test_a_state_that_does_not_follow_is_told_and_no_failure(stage: Stage) -> None:
    lock = stage.stack.folder / f"backend/.pulumi/locks/organization/{PROJECT}/dev/other.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(json.dumps({"pid": 1, "username": "ann", "hostname": "elsewhere"}))
    told = stage.rollback()
    assert "locked" in told
    assert "The next pulumi up updates Pulumi's state." in told
    assert (stage.live, stage.pin) == ("2", 2)
