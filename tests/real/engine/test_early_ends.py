"""Deployments that end early: the reason is printed, and no traceback of the program."""

import time
from pathlib import Path
from shutil import copy

import pytest

from infra.paths import PROJECT, ROOT
from portfolio.local.emulator import Emulator
from tests.real.engine.conftest import NewStack
from tests.real.engine.hosted_program import Finished, HostedProgram
from tests.real.engine.resource_keys import FUNCTION, TABLE
from tests.real.engine.stack_commands import OTHER_ACCOUNT, account_of
from tests.real.engine.stage_stack import StageStack

pytestmark = pytest.mark.usefixtures("real_package")

UP = ("up", "--stack", "dev", "--yes", "--skip-preview")
BOOTSTRAP = ROOT / "infra/bootstrap"


def check(finished: Finished, reason: str) -> None:
    assert finished.code, finished.printed
    assert reason in finished.printed, finished.printed
    for word in ("Traceback", "KeyboardInterrupt", "exit code", "Interrupted"):
        assert word not in finished.printed


def test_a_refused_call_of_aws(new_stack: NewStack, emulator: Emulator) -> None:
    stack = new_stack("dev")
    hosted = HostedProgram.of_stage(stack, emulator, account_of("dev"))
    with stack.account.failing("create", *TABLE):
        check(hosted.run(*UP), "AccessDenied: create of aws:dynamodb/table:Table table")


def test_an_interrupted_up_finishes_its_running_operation(
    new_stack: NewStack, emulator: Emulator
) -> None:
    stack = new_stack("dev")
    hosted = HostedProgram.of_stage(stack, emulator, account_of("dev"))

    def interrupt() -> None:
        hosted.press_ctrl_c()
        # Until the engine has the signal, on a busy machine too.
        time.sleep(3)

    with stack.account.interrupted("create", *TABLE, interrupt):
        check(hosted.run(*UP), "error: update canceled")
    known = stack.state.resources
    assert TABLE in known
    assert FUNCTION not in known
    # The state lists all that exists.
    ids = {resource.get("id") for resource in known.values()}
    assert {resource.id for resource in stack.account.resources} <= ids


def test_credentials_of_another_account(new_stack: NewStack, emulator: Emulator) -> None:
    stack = new_stack("dev")
    hosted = HostedProgram.of_stage(stack, emulator, OTHER_ACCOUNT)
    check(hosted.run(*UP), f"error: The AWS credentials belong to account {OTHER_ACCOUNT}")
    assert stack.account.calls == []


def test_a_refused_change(dev: StageStack, emulator: Emulator) -> None:
    hosted = HostedProgram.of_stage(dev, emulator, account_of("dev"))
    changed = ("--config", f"{PROJECT}:environment=another")
    check(hosted.run("preview", "--stack", "dev", *changed), "environment cannot change from dev")
    assert dev.account.calls == []


def test_a_refused_call_in_the_bootstrap(
    new_stack: NewStack, emulator: Emulator, tmp_path: Path
) -> None:
    project = tmp_path / "bootstrap"
    project.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        copy(BOOTSTRAP / name, project)
    (project / "__main__.py").symlink_to(BOOTSTRAP / "__main__.py")
    stack = new_stack("dev")
    hosted = HostedProgram(stack, emulator, account=account_of("dev"), project=project)
    assert hosted.run("stack", "init", "dev").code == 0
    with stack.account.failing("create", "aws:kms/key:Key", "state"):
        check(hosted.run(*UP), "AccessDenied: create of aws:kms/key:Key state")
