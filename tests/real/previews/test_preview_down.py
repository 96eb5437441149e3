"""`portfolio preview down`: gone means that nothing is left, and only then is the state."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from infra.local.emulator import ACCESS_KEY, Emulator
from tests.real.engine.resources import FUNCTION, TABLE
from tests.real.previews.preview_account import PreviewAccount

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_logs import CloudWatchLogsClient

LEFT = "pr-12-portfolio-api-table"


@pytest.fixture
def tables(emulator: Emulator) -> Iterator["DynamoDBClient"]:
    client: DynamoDBClient = _session().client("dynamodb", endpoint_url=emulator.endpoint)
    yield client
    with suppress(client.exceptions.ResourceNotFoundException):
        client.delete_table(TableName=LEFT)


@pytest.fixture
def logs(emulator: Emulator) -> "CloudWatchLogsClient":
    return _session().client("logs", endpoint_url=emulator.endpoint)


def _session() -> Any:
    return boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name="us-east-1")


def create_table(tables: "DynamoDBClient") -> str:
    """What the stand-in has made, where the search looks for it."""
    tags = {"project": "portfolio-api", "environment": "pr-12"}
    made = tables.create_table(
        TableName=LEFT,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    return made["TableDescription"].get("TableArn", "")


def test_nothing_of_it_stays_and_all_of_the_others_does(previews: PreviewAccount) -> None:
    assert "pr-12 is gone." in previews.down(12)
    assert previews.stacks == {"pr-13", "pr-15"}
    assert previews.environments == {"pr-13", "pr-15"}


def test_a_preview_that_never_was_is_gone(previews: PreviewAccount) -> None:
    assert "There is no pr-99, and nothing of one." in previews.down(99)
    assert previews.stacks == {"pr-12", "pr-13", "pr-15"}


@pytest.mark.parametrize("command", ["up", "down"])
def test_another_account_is_refused_before_anything_is_done(
    deployed: PreviewAccount, command: str
) -> None:
    finished = deployed.portfolio(command, "12", code=1, AWS_ACCESS_KEY_ID="999999999999")
    assert "those of account 999999999999" in finished.told
    assert deployed.state("pr-12").resources


def test_a_resource_that_cannot_be_deleted_keeps_the_state_until_it_can(
    previews: PreviewAccount,
) -> None:
    with previews.account.failing("delete", *TABLE):
        told = previews.down(12, code=1)
    assert f"AccessDenied: delete of {TABLE.token} {TABLE.name}" in told
    assert "Its stack stays. Mend that, then run `portfolio preview down 12` again." in told
    assert TABLE in previews.state("pr-12").resources
    assert "pr-12 is gone." in previews.down(12)
    assert "pr-12" not in previews.environments


def test_a_preview_half_made_can_be_taken_down(empty: PreviewAccount) -> None:
    with empty.account.failing("create", *FUNCTION):
        empty.portfolio("up", "12", code=1)
    assert TABLE in empty.state("pr-12").resources
    assert "pr-12 is gone." in empty.down(12)
    assert (empty.account.resources, empty.stacks) == ([], set())


def test_a_lock_that_a_killed_update_left_is_told_with_what_to_do(previews: PreviewAccount) -> None:
    previews.lock("pr-12")
    told = previews.down(12, code=1)
    assert "error: pr-12 is locked: another run is changing it, or was killed while it did." in told
    assert "unlock it with `pulumi cancel --yes --stack pr-12`" in told
    assert previews.state("pr-12").resources
    previews.pulumi("cancel", "--yes", "--stack", "pr-12")
    assert "pr-12 is gone." in previews.down(12)


def test_what_was_made_before_the_engine_could_note_it_is_found_by_its_tags(
    empty: PreviewAccount, tables: "DynamoDBClient"
) -> None:
    arns: list[str] = []

    def crash() -> None:
        arns.append(create_table(tables))
        empty.kill("pr-12")

    with empty.account.interrupted("create", *TABLE, crash, moment="after"):
        empty.portfolio("up", "12", code=-9)
    assert TABLE not in empty.state("pr-12").resources
    empty.pulumi("cancel", "--yes", "--stack", "pr-12")
    told = empty.down(12, code=1)
    assert (
        "error: pr-12 is not gone. Delete what its stack does not know of, then run "
        f"`portfolio preview down 12` again: {arns[0]} " in told
    )
    assert empty.stacks == {"pr-12"}
    tables.delete_table(TableName=LEFT)
    assert "pr-12 is gone." in empty.down(12)
    assert empty.stacks == set()


def test_a_log_group_that_came_back_is_found_by_its_name(
    previews: PreviewAccount, logs: "CloudWatchLogsClient"
) -> None:
    logs.create_log_group(logGroupName="/aws/lambda/pr-12-portfolio-api")
    logs.create_log_group(logGroupName="/aws/lambda/pr-1-portfolio-api")
    try:
        told = previews.down(12, code=1)
        left = "log group /aws/lambda/pr-12-portfolio-api in us-east-1"
        assert f"down 12` again: {left} " in told
    finally:
        logs.delete_log_group(logGroupName="/aws/lambda/pr-12-portfolio-api")
        logs.delete_log_group(logGroupName="/aws/lambda/pr-1-portfolio-api")
    assert "pr-12 is gone." in previews.down(12)


def test_a_search_that_aws_denies_keeps_the_state(previews: PreviewAccount) -> None:
    previews.logs.denies = True
    told = previews.down(12, code=1)
    assert "error: AWS does not let us look for what is left of pr-12: " in told
    assert "AccessDeniedException" in told
    assert "pr-12" in previews.stacks
    previews.logs.denies = False
    assert "pr-12 is gone." in previews.down(12)
    assert "pr-12" not in previews.stacks


def test_what_is_left_is_found_in_the_region_that_the_preview_was_in(
    own_account: PreviewAccount, logs: "CloudWatchLogsClient"
) -> None:
    own_account.portfolio("up", "7")
    file = own_account.checkout / "Pulumi.preview.yaml"
    file.write_text(f"{file.read_text()}  portfolio-api:region: eu-west-1\n")
    logs.create_log_group(logGroupName="/aws/lambda/pr-7-portfolio-api")
    try:
        # The second time there is no provider in the state any more.
        for _ in range(2):
            told = own_account.down(7, code=1)
            assert "log group /aws/lambda/pr-7-portfolio-api in us-east-1 " in told
            assert own_account.stacks == {"pr-7"}
    finally:
        logs.delete_log_group(logGroupName="/aws/lambda/pr-7-portfolio-api")
    assert "pr-7 is gone." in own_account.down(7)
    assert own_account.stacks == set()
