"""`portfolio rollback`: the real engine has the stack, the emulator the function's versions."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import boto3
import pytest
import yaml
from botocore.config import Config

from infra.local.emulator import ACCESS_KEY, ACCOUNT_ID, Emulator
from tests.real.engine.packages import make_package
from tests.real.engine.resources import ALIAS
from tests.real.engine.stack_commands import StackCommands
from tests.real.engine.stage_stack import StageStack

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

FUNCTION = "development-portfolio-api"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class Stage(StackCommands):
    """The stack dev, and its function on the emulator."""

    def __init__(
        self, folder: Path, stack: StageStack, emulator: Emulator, client: "LambdaClient"
    ) -> None:
        super().__init__(folder, stack, emulator)
        self.stack = stack
        self.client = client

    @property
    def live(self) -> str:
        alias = self.client.get_alias(FunctionName=FUNCTION, Name="live")
        return alias["FunctionVersion"]

    @property
    def pin(self) -> int | None:
        settings = yaml.safe_load((self.checkout / "Pulumi.dev.yaml").read_text())
        pinned = settings["config"].get("portfolio-api:pinnedVersion")
        return pinned and int(pinned)  # pulumi config set writes a string

    def rollback(self, *arguments: str, stack: str = "dev", code: int = 0) -> str:
        return self.portfolio("rollback", *arguments, "--stack", stack, code=code)


@pytest.fixture
def client(emulator: Emulator) -> Iterator["LambdaClient"]:
    """The function with its versions 1, 2 and 3, of which 3 is live."""
    session = boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name="us-east-1")
    options: Any = {"endpoint_url": emulator.endpoint, "config": Config(proxies={})}
    role = session.client("iam", **options).create_role(
        RoleName="rolled-back", AssumeRolePolicyDocument=json.dumps(TRUST)
    )
    client: LambdaClient = session.client("lambda", **options)
    client.create_function(
        FunctionName=FUNCTION,
        Runtime="python3.12",
        Role=role["Role"]["Arn"],
        Handler="main.handler",
        Code={"ZipFile": code_of(1)},
        Publish=True,
    )
    for version in (2, 3):
        client.update_function_code(FunctionName=FUNCTION, ZipFile=code_of(version), Publish=True)
    client.create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="3")
    yield client
    client.delete_function(FunctionName=FUNCTION)
    session.client("iam", **options).delete_role(RoleName="rolled-back")


def code_of(version: int) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as zipped:
        zipped.writestr("main.py", f"handler = {version}")
    return content.getvalue()


@pytest.fixture
def stage(dev: StageStack, emulator: Emulator, client: "LambdaClient", tmp_path: Path) -> Stage:
    return Stage(tmp_path / "checkout", dev, emulator, client)


def test_the_version_before_is_put_behind_the_api_and_pinned(stage: Stage) -> None:
    told = stage.rollback()
    assert f"{FUNCTION}: live is version 2, and was 3." in told
    assert "Pulumi.dev.yaml pins it: commit that" in told
    assert (stage.live, stage.pin) == ("2", 2)


def test_pulumi_knows_where_the_alias_is(stage: Stage) -> None:
    stage.stack.package = make_package(stage.stack.folder / "other", code="handler = 'other'")
    stage.stack.up()
    alias = stage.stack.account.only(ALIAS.token)
    alias.inputs |= {"functionVersion": "1"}
    told = stage.rollback("1")
    assert "live is version 1, and was 3" in told
    assert "state" not in told
    assert stage.stack.state.resources[ALIAS]["outputs"]["functionVersion"] == "1"
    assert stage.stack.up(pinnedVersion=stage.pin).operations == {}


def test_it_may_be_repeated_and_taken_back(stage: Stage) -> None:
    stage.rollback("1")
    assert "live is version 1, and was 1." in stage.rollback("1")
    assert (
        "Pulumi.dev.yaml no longer pins version 1: the next pulumi up --stack dev moves live to "
        "the newest." in stage.rollback("--unpin")
    )
    assert (stage.live, stage.pin) == ("1", None)
    assert "Pulumi.dev.yaml pins no version." in stage.rollback("--unpin")


@pytest.mark.parametrize(("arguments", "missing"), [(["7"], "version 7"), ([], "version before 1")])
def test_a_version_that_is_not_there(stage: Stage, arguments: list[str], missing: str) -> None:
    stage.client.update_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="1")
    told = stage.rollback(*arguments, code=1)
    assert f"{FUNCTION} has no {missing}. It has: 3 published 20" in told
    assert told.endswith("UTC live")
    assert (stage.live, stage.pin) == ("1", None)


def test_a_state_that_does_not_follow_is_told_and_no_failure(stage: Stage) -> None:
    lock = stage.stack.folder / "backend/.pulumi/locks/organization/portfolio-api/dev/other.json"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.write_text(json.dumps({"pid": 1, "username": "ann", "hostname": "elsewhere"}))
    told = stage.rollback()
    assert "locked" in told
    assert "Pulumi's state follows with the next pulumi up." in told
    assert (stage.live, stage.pin) == ("2", 2)


def test_another_account_is_refused_before_anything_is_changed(stage: Stage) -> None:
    stage.allow("222222222222", "dev")
    assert f"those of account {ACCOUNT_ID}" in stage.rollback(code=1)
    assert (stage.live, stage.pin) == ("3", None)


def test_a_function_that_is_not_there(stage: Stage) -> None:
    told = stage.rollback(stack="prod", code=1)
    assert "Lambda does not let production-portfolio-api in us-east-1 be rolled back" in told


@pytest.mark.parametrize(
    ("stack", "reason"),
    [
        ("pr-12", "pr-12 shares its settings with every preview"),
        ("local", "The local stage has no earlier versions"),
    ],
)
def test_stages_that_have_no_pin(stage: Stage, stack: str, reason: str) -> None:
    assert reason in stage.rollback(stack=stack, code=1)


def test_a_version_and_no_pin_contradict_each_other(stage: Stage) -> None:
    assert "goes without VERSION" in stage.rollback("2", "--unpin", code=2)
