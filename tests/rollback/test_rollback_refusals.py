"""`portfolio rollback`: what it refuses, before it asks the Pulumi engine for anything."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from infra.settings import load_stage_settings
from tests.commands import Result, run_command
from tests.rollback.lambda_versions import FUNCTION, live_version, make_versions

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient

    from portfolio.local.emulator import Emulator


@pytest.fixture(scope="module")
def client(emulator: "Emulator") -> Iterator["LambdaClient"]:
    """The function's, of which the oldest version is live."""
    with make_versions(emulator.endpoint, account_of("dev")) as client:
        client.update_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="1")
        yield client


def account_of(stage: str) -> str:
    return load_stage_settings(stage).allowed_accounts[0]


@pytest.fixture
def rollback(emulator: "Emulator", monkeypatch: pytest.MonkeyPatch) -> "Rollback":
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return Rollback()


class Rollback:
    """The command, with the credentials of an account; by default of the one that dev allows."""

    def __call__(self, *arguments: str, account: str = "", code: int = 1) -> str:
        variables = {"AWS_ACCESS_KEY_ID": account or account_of("dev")}
        finished: Result = run_command("rollback", *arguments, env=variables)
        assert finished.code == code, finished.printed
        return " ".join(finished.printed.split())


@pytest.mark.parametrize(("arguments", "missing"), [(["7"], "version 7"), ([], "version before 1")])
def test_a_version_that_is_not_there(
    rollback: Rollback, client: "LambdaClient", arguments: list[str], missing: str
) -> None:
    told = rollback(*arguments, "--stack", "dev")
    assert f"{FUNCTION} has no {missing}. It has: 3 published 20" in told
    assert told.endswith("UTC live")
    assert live_version(client) == "1"


def test_another_account_is_refused_before_anything_is_changed(
    rollback: Rollback, client: "LambdaClient"
) -> None:
    told = rollback("3", "--stack", "dev", account="999999999999")
    assert "belong to account 999999999999" in told
    assert live_version(client) == "1"


def test_a_function_that_is_not_there(rollback: Rollback) -> None:
    told = rollback("--stack", "prod", account=account_of("prod"))
    assert (
        "prod: AWS does not find the resource: ListVersionsByFunction: ResourceNotFoundException: "
        in told
    )


@pytest.mark.parametrize(
    ("stack", "reason"),
    [
        ("pr-12", "pr-12 shares its settings with every preview"),
        ("local", "The local stage has no earlier versions"),
    ],
)
def test_stages_that_have_no_pin(rollback: Rollback, stack: str, reason: str) -> None:
    assert reason in rollback("--stack", stack)


def test_a_stage_that_pins_nothing_has_nothing_to_unpin(rollback: Rollback) -> None:
    told = rollback("--unpin", "--stack", "dev", code=0)
    assert told == "Pulumi.dev.yaml does not pin a version."


def test_a_version_and_no_pin_contradict_each_other(rollback: Rollback) -> None:
    assert "Leave out VERSION." in rollback("2", "--unpin", "--stack", "dev", code=2)
