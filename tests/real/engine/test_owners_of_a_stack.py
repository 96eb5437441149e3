"""`portfolio owner` and `portfolio seed` on a stack: its outputs and the check of its account."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from portfolio.local.emulator import ACCESS_KEY, Emulator
from tests.real.engine.conftest import NewStack
from tests.real.engine.stack_commands import OTHER_ACCOUNT, StackCommands, account_of
from tests.real.engine.stage_stack import StageStack

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


@pytest.fixture
def pool(emulator: Emulator) -> Iterator[str]:
    """A user pool in the account of dev on the emulator."""
    session: Any = boto3.Session(account_of("dev"), ACCESS_KEY, region_name="us-east-1")
    config = Config(proxies={})
    cognito: CognitoIdentityProviderClient = session.client(
        "cognito-idp", endpoint_url=emulator.endpoint, config=config
    )
    made = cognito.create_user_pool(PoolName="development", UsernameAttributes=["email"])
    identifier = made["UserPool"].get("Id", "")
    cognito.create_group(GroupName="owner", UserPoolId=identifier)
    yield identifier
    cognito.delete_user_pool(UserPoolId=identifier)


@pytest.fixture
def commands(dev: StageStack, pool: str, emulator: Emulator) -> StackCommands:
    """Commands on dev; its output has the id of the pool on the emulator."""
    dev.set_output("user_pool_id", pool)
    return StackCommands(dev, emulator)


def test_the_pool_is_the_stacks(commands: StackCommands) -> None:
    told = commands.portfolio("owner", "create", "ann@example.com", "--generate", "--stack", "dev")
    assert told.startswith("ann@example.com is an owner of dev. Password: ")
    listed = commands.portfolio("owner", "list", "--stack", "dev")
    assert "ann@example.com owner, CONFIRMED 20" in listed


def test_another_account_is_refused_before_anybody_is_made(commands: StackCommands) -> None:
    create = ("owner", "create", "ann@example.com", "--generate", "--stack", "dev")
    told = commands.portfolio(*create, code=1, AWS_ACCESS_KEY_ID=OTHER_ACCOUNT)
    assert f"belong to account {OTHER_ACCOUNT}" in told
    assert commands.portfolio("owner", "list", "--stack", "dev").startswith("dev has no users.")


def test_a_pool_that_is_gone_is_told(commands: StackCommands, dev: StageStack) -> None:
    dev.set_output("user_pool_id", "us-east-1_Gone00000")
    told = commands.portfolio("owner", "list", "--stack", "dev", code=1)
    assert told.startswith("error: dev: AWS does not find the resource: ListUsers: ")


def test_a_stack_that_is_not_there_is_told(commands: StackCommands) -> None:
    told = commands.portfolio(
        *("owner", "list", "--stack", "prod"), code=1, AWS_ACCESS_KEY_ID=account_of("prod")
    )
    assert told == "error: The stack prod does not exist: use one of dev."


def test_production_gets_samples_only_where_that_is_said(
    new_stack: NewStack, emulator: Emulator
) -> None:
    commands = StackCommands(new_stack("prod"), emulator)
    seed = ("seed", "--stack", "prod", "--email", "ann@example.com", "--password-stdin")
    assert "prod is production, and its visitors would see" in commands.portfolio(*seed, code=1)
    told = commands.portfolio(*seed, "--yes", code=1)
    assert "The stack prod has no output api_url: deploy it with pulumi up -s prod." in told


def test_on_a_stack_it_must_be_said_who_writes_the_samples(commands: StackCommands) -> None:
    told = commands.portfolio("seed", "--stack", "dev", "--password-stdin", code=1)
    assert told == (
        "error: The author is missing: pass --email with an owner of dev "
        "(see portfolio owner list --stack dev)."
    )


def test_the_samples_go_to_the_address_that_the_stack_tells(
    commands: StackCommands, dev: StageStack
) -> None:
    dev.set_output("api_url", "http://127.0.0.1:9")
    seed = ("seed", "--stack", "dev", "--email", "ann@example.com", "--password-stdin")
    told = commands.portfolio(*seed, typed="password", code=1)
    assert told.startswith("error: http://127.0.0.1:9 does not answer: ")
