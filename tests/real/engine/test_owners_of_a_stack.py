"""`portfolio owner` and `portfolio seed` on a stack: its outputs are read, its account checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.clients import connect
from infra.local.emulator import ACCOUNT_ID, Emulator
from tests.backend.loopback import run_loopback_server
from tests.real.engine.conftest import NewStack
from tests.real.engine.stack_commands import StackCommands
from tests.real.engine.stage_stack import StageStack


@pytest.fixture
def pool(emulator: Emulator) -> Iterator[str]:
    """A user pool on the emulator."""
    cognito = connect(emulator.endpoint, "us-east-1").cognito
    made = cognito.create_user_pool(PoolName="development", UsernameAttributes=["email"])
    identifier = made["UserPool"].get("Id", "")
    cognito.create_group(GroupName="owner", UserPoolId=identifier)
    yield identifier
    cognito.delete_user_pool(UserPoolId=identifier)


@pytest.fixture
def commands(dev: StageStack, pool: str, emulator: Emulator, tmp_path: Path) -> StackCommands:
    """Commands on dev, whose output names the pool on the emulator."""
    dev.set_output("user_pool_id", pool)
    return StackCommands(tmp_path / "checkout", dev, emulator)


def test_the_pool_is_the_stacks(commands: StackCommands) -> None:
    told = commands.portfolio("owner", "create", "ann@example.com", "--generate", "--stack", "dev")
    assert told.startswith("ann@example.com is an owner of dev. Password: ")
    listed = commands.portfolio("owner", "list", "--stack", "dev")
    assert listed.startswith("ann@example.com owner CONFIRMED since 20")


def test_another_account_is_refused_before_anybody_is_made(commands: StackCommands) -> None:
    commands.allow("222222222222", "dev")
    create = ("owner", "create", "ann@example.com", "--generate", "--stack", "dev")
    assert f"those of account {ACCOUNT_ID}" in commands.portfolio(*create, code=1)
    commands.allow(ACCOUNT_ID, "dev")
    assert commands.portfolio("owner", "list", "--stack", "dev").startswith("dev has no owner")


def test_a_pool_that_is_gone_is_told(commands: StackCommands, dev: StageStack) -> None:
    dev.set_output("user_pool_id", "us-east-1_Gone00000")
    told = commands.portfolio("owner", "list", "--stack", "dev", code=1)
    assert told.startswith("error: The user pool is gone (")


def test_a_stack_that_is_not_there_is_told(commands: StackCommands) -> None:
    told = commands.portfolio("owner", "list", "--stack", "prod", code=1)
    assert told == "error: There is no stack prod: there are dev."


def test_production_gets_samples_only_where_that_is_said(
    new_stack: NewStack, emulator: Emulator, tmp_path: Path
) -> None:
    stack = new_stack("prod")
    commands = StackCommands(tmp_path / "checkout", stack, emulator)
    seed = ("seed", "--stack", "prod", "--email", "ann@example.com", "--password-stdin")
    assert "prod is production, where everybody would read" in commands.portfolio(*seed, code=1)
    told = commands.portfolio(*seed, "--yes", code=1)
    assert "The stack prod has no output api_url: deploy it with pulumi up -s prod." in told


def test_on_a_stack_it_must_be_said_who_writes_the_samples(commands: StackCommands) -> None:
    told = commands.portfolio("seed", "--stack", "dev", "--password-stdin", code=1)
    assert told == (
        "error: Who writes? Say --email, of one whom portfolio owner list --stack dev tells."
    )


def test_a_stage_in_aws_is_reached_through_the_machines_proxy(
    commands: StackCommands, dev: StageStack
) -> None:
    dev.set_output("api_url", "http://api.invalid/v1")
    seed = ("seed", "--stack", "dev", "--email", "ann@example.com", "--password-stdin")
    with run_loopback_server() as proxy:
        proxy.status, proxy.body = 403, b"the proxy says no"
        told = commands.portfolio(*seed, typed="password", code=1, HTTP_PROXY=proxy.url)
    assert told == "error: POST /auth/login answered 403: the proxy says no"


def test_an_api_that_does_not_answer_is_told(commands: StackCommands, dev: StageStack) -> None:
    dev.set_output("api_url", "http://127.0.0.1:9/v1")
    seed = ("seed", "--stack", "dev", "--email", "ann@example.com", "--password-stdin")
    told = commands.portfolio(*seed, typed="password", code=1)
    assert told.startswith("error: http://127.0.0.1:9/v1/ does not answer: ")


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (
            200,
            b"<html>\n<h1>Sign in</h1>",
            "200, but not as the API does (<html> <h1>Sign in</h1>)",
        ),
        (200, b'["token"]', '200, but not as the API does (["token"])'),
        (200, b'{"user": 1}', '200, but not as the API does ({"user": 1})'),
        (204, b"", "204, but not as the API does (nothing)"),
    ],
)
def test_an_answer_that_is_not_the_apis_is_told_with_its_address(
    commands: StackCommands, dev: StageStack, status: int, body: bytes, told: str
) -> None:
    with run_loopback_server() as server:
        server.status, server.body = status, body
        printed = seed_at(commands, dev, server.url)
        assert printed == (
            f"error: {server.url}/v1/auth/login answered {told}: is that its address?"
        )


def test_an_address_that_leads_elsewhere_is_told_with_where(
    commands: StackCommands, dev: StageStack
) -> None:
    with run_loopback_server() as server:
        server.status, server.body = 301, b"<html>moved</html>"
        server.headers = {"Location": "https://www.example.com/"}
        printed = seed_at(commands, dev, server.url)
        assert printed == (
            f"error: POST /auth/login answered 301: {server.url}/v1/auth/login leads to "
            "https://www.example.com/"
        )


def test_of_a_page_only_the_beginning_is_told(commands: StackCommands, dev: StageStack) -> None:
    with run_loopback_server() as server:
        server.status, server.body = 502, b"<html>" + 1000 * b"x"
        printed = seed_at(commands, dev, server.url)
    assert printed == f"error: POST /auth/login answered 502: <html>{74 * 'x'}…"


def seed_at(commands: StackCommands, dev: StageStack, url: str) -> str:
    """What is told where the stack's API is at this address, and is none."""
    dev.set_output("api_url", f"{url}/v1")
    seed = ("seed", "--stack", "dev", "--email", "ann@example.com", "--password-stdin")
    return commands.portfolio(*seed, typed="password", code=1)
