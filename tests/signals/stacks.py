"""Commands on a stack of the real engine; a stand-in and the emulator replace AWS."""

import subprocess
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi.automation.errors import CommandError

from infra.processes.environment import inherited_environment
from portfolio.local.emulator import Emulator
from tests.checkout import copy_checkout
from tests.real.engine.built_engine import find_engine
from tests.real.engine.resource_keys import TABLE
from tests.real.engine.stack_commands import StackCommands, account_of, command_variables
from tests.real.engine.stage_stack import StageStack, deploy_fork, fork_stage, run_stage
from tests.real.engine.stand_in.account import Account
from tests.rollback.lambda_versions import FUNCTION, live_version, make_versions
from tests.signals.commands import Case
from tests.signals.data import STARTED
from tests.signals.trials import Command

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


@contextmanager
def open_stacks(folder: Path, emulator: Emulator) -> Generator[Iterator[Case]]:
    """Deploy the stage dev, and kill another deployment of it; yield the cases."""
    number = account_of("dev")
    with (
        run_stage(find_engine(), folder / "empty", "dev", Account(number)) as empty,
        deploy_fork(empty, folder / "deployed") as deployed,
        fork_stage(empty, folder / "killed") as killed,
        make_versions(emulator.endpoint, number) as client,
    ):
        _kill_a_deployment(killed)
        checkout = copy_checkout(folder / "versions")
        yield iter(
            (
                Case("rollback", _Rollback(folder, emulator, deployed, client, checkout).open),
                Case("repair", _Repair(folder, emulator, killed).open),
            )
        )


def _kill_a_deployment(stack: StageStack) -> None:
    with (
        stack.account.interrupted("create", *TABLE, act=stack.kill, moment="after"),
        suppress(CommandError),
    ):
        stack.up()
    stack.run("cancel", "--yes")


@dataclass(frozen=True)
class _Rollback:
    """A rollback of dev; its checkout has the settings that it pins the version in."""

    folder: Path
    emulator: Emulator
    stack: StageStack
    client: "LambdaClient"
    checkout: Path

    @contextmanager
    def open(self) -> Generator[Command]:
        words = [*STARTED, "rollback", "2", "--stack", "dev"]
        settings = self.checkout / "Pulumi.dev.yaml"
        settings.write_text(self.stack.own_settings)
        self.client.update_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="3")
        with fork_stage(self.stack, self.folder / uuid.uuid4().hex) as stack:
            variables = command_variables(stack, self.emulator, account_of("dev"))
            yield Command(
                words,
                self.checkout,
                variables=variables,
                watched=[self.checkout, stack.folder / "backend/.pulumi/locks"],
                results=_stays,
            )
            environment = inherited_environment() | variables
            subprocess.run(
                words, cwd=self.checkout, env=environment, check=True, capture_output=True
            )
            assert live_version(self.client) == "2"
            assert "pinnedVersion: " in settings.read_text()


@dataclass(frozen=True)
class _Repair:
    """A repair of dev after a killed deployment."""

    folder: Path
    emulator: Emulator
    stack: StageStack

    @contextmanager
    def open(self) -> Generator[Command]:
        with fork_stage(self.stack, self.folder / uuid.uuid4().hex) as stack:
            yield Command(
                [*STARTED, "repair", "--stack", "dev"],
                variables=command_variables(stack, self.emulator, account_of("dev")),
                watched=[stack.folder / "backend/.pulumi/locks"],
                results=_stays,
            )
            StackCommands(stack, self.emulator).portfolio("repair", "--stack", "dev")
            assert not stack.state.pending
            assert TABLE in stack.state.resources


def _stays(path: Path) -> bool:
    """Return True for the folders of the engine's locks, and for what Python compiles."""
    return path.is_dir() or path.suffix == ".pyc"
