"""`portfolio preview down`: gone means that nothing is left, and only then is the state."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from infra.errors import StackError
from infra.paths import PROJECT
from portfolio.local.emulator import ACCESS_KEY, Emulator
from tests.real.engine.resource_keys import TABLE
from tests.real.previews.preview_account import PreviewAccount, new_account, preview_settings

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_logs import CloudWatchLogsClient

LEFT = f"pr-12-{PROJECT}-table"


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
    return boto3.Session(new_account().id, ACCESS_KEY, region_name="us-east-1")


def create_table(tables: "DynamoDBClient") -> str:
    """What the stand-in has made, where the search looks for it."""
    tags = {"project": PROJECT, "environment": "pr-12"}
    made = tables.create_table(
        TableName=LEFT,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    return made["TableDescription"].get("TableArn", "")


def test_nothing_of_it_stays_and_all_of_the_others_does(previews: PreviewAccount) -> None:
    assert "pr-99 does not exist, and has no leftovers." in previews.down(99)
    assert previews.stacks == {"pr-12", "pr-13", "pr-15"}
    assert "pr-12 is gone." in previews.down(12)
    assert previews.stacks == {"pr-13", "pr-15"}
    assert previews.environments == {"pr-13", "pr-15"}


def test_a_resource_that_cannot_be_deleted_keeps_the_state_until_it_can(
    previews: PreviewAccount,
) -> None:
    with previews.account.failing("delete", *TABLE):
        told = previews.down(12, code=1)
    assert f"AccessDenied: delete of {TABLE.token} {TABLE.name}" in told
    assert "The stack is kept. Fix this, then run `portfolio preview down 12` again." in told
    assert TABLE in previews.state("pr-12").resources
    assert "pr-12 is gone." in previews.down(12)
    assert "pr-12" not in previews.environments


def test_a_lock_that_a_killed_update_left_is_told_with_what_to_do(previews: PreviewAccount) -> None:
    previews.lock("pr-12")
    told = previews.down(12, code=1)
    assert "error: pr-12 is locked by another run." in told
    assert "unlock it with `pulumi cancel --yes --stack pr-12`" in told
    assert previews.state("pr-12").resources
    previews.pulumi("cancel", "--yes", "--stack", "pr-12")
    assert "pr-12 is gone." in previews.down(12)


def test_what_was_made_before_the_engine_could_note_it_is_found_by_its_tags(
    empty: PreviewAccount, checkout: Path, tables: "DynamoDBClient"
) -> None:
    arns: list[str] = []

    def crash() -> None:
        arns.append(create_table(tables))
        empty.kill("pr-12")

    with empty.account.interrupted("create", *TABLE, crash, moment="after"):
        empty.type(checkout, "up", "12", code=-9)
    assert TABLE not in empty.state("pr-12").resources
    empty.pulumi("cancel", "--yes", "--stack", "pr-12")
    told = empty.down(12, code=1)
    assert told.endswith(
        "error: pr-12 is not deleted completely. Delete these leftovers, which its stack does not "
        f"list, then run `portfolio preview down 12` again: {arns[0]}"
    )
    assert empty.stacks == {"pr-12"}
    tables.delete_table(TableName=LEFT)
    assert "pr-12 is gone." in empty.down(12)
    assert empty.stacks == set()


def test_the_stack_stays_until_aws_shows_that_nothing_is_left(
    previews: PreviewAccount, logs: "CloudWatchLogsClient"
) -> None:
    previews.logs.denies = True
    told = previews.down(12, code=1)
    assert "error: pr-12: The AWS credentials lack a permission: " in told
    assert "AccessDeniedException" in told
    assert "pr-12" in previews.stacks
    previews.logs.denies = False
    with log_groups(logs, f"/aws/lambda/pr-12-{PROJECT}", f"/aws/lambda/pr-1-{PROJECT}"):
        told = previews.down(12, code=1)
        left = f"log group /aws/lambda/pr-12-{PROJECT} in us-east-1"
        assert told.endswith(f"down 12` again: {left}")
        assert "pr-12" in previews.stacks
    assert "pr-12 is gone." in previews.down(12)
    assert "pr-12" not in previews.stacks


def test_what_is_left_is_found_in_the_region_that_the_preview_was_in(
    previews: PreviewAccount, logs: "CloudWatchLogsClient"
) -> None:
    elsewhere = preview_settings(12, region="eu-west-1")
    with log_groups(logs, f"/aws/lambda/pr-12-{PROJECT}"):
        # The second time there is no provider in the state any more.
        for _ in range(2):
            with pytest.raises(StackError) as raised:
                previews.take_down(12, elsewhere)
            assert str(raised.value).endswith(f"log group /aws/lambda/pr-12-{PROJECT} in us-east-1")
            assert "pr-12" in previews.stacks
    previews.take_down(12, elsewhere)
    assert "pr-12" not in previews.stacks


@contextmanager
def log_groups(logs: "CloudWatchLogsClient", *names: str) -> Generator[None]:
    for name in names:
        logs.create_log_group(logGroupName=name)
    try:
        yield
    finally:
        for name in names:
            logs.delete_log_group(logGroupName=name)
