"""The provider: it creates valid resources and names everything it cannot create."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from infra.errors import LocalStageError

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients
    from portfolio.local.emulator import Emulator
    from portfolio.local.provider import EmulatorProvider

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture
def clients(emulator: "Emulator") -> "EmulatorClients":
    from portfolio.local.clients import connect  # noqa: PLC0415 - boto3 is slow to import

    return connect(emulator.endpoint, "us-east-1")


@pytest.fixture
def provider(clients: "EmulatorClients") -> "EmulatorProvider":
    from portfolio.local.provider import EmulatorProvider  # noqa: PLC0415 - imports Pulumi

    return EmulatorProvider(clients)


@pytest.fixture
def group_name(clients: "EmulatorClients", request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"/tests/{request.node.name}"
    yield name
    for group in clients.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]:
        clients.logs.delete_log_group(logGroupName=group.get("logGroupName", ""))


def make(provider: "EmulatorProvider", token: str, inputs: dict[str, Any]) -> dict[str, Any]:
    from pulumi.runtime import MockResourceArgs  # noqa: PLC0415 - slow to import

    return provider.new_resource(MockResourceArgs(token, "thing", inputs))[1]


def test_a_resource_exists_with_its_outputs(
    provider: "EmulatorProvider", clients: "EmulatorClients", group_name: str
) -> None:
    state = make(provider, LOG_GROUP, {"name": group_name, "retentionInDays": 7})
    (group,) = clients.logs.describe_log_groups(logGroupNamePrefix=group_name)["logGroups"]
    assert group.get("retentionInDays") == 7
    assert state["arn"].endswith(group_name)
    assert state["name"] == group_name


def test_a_role_gets_another_name_together_with_its_policies(
    provider: "EmulatorProvider", clients: "EmulatorClients"
) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for role in ("former", "renamed"):
        make(provider, ROLE, {"name": role, "assumeRolePolicy": TRUST})
        make(provider, ROLE_POLICY, {"name": "data", "role": role, "policy": policy})
    roles = {each["RoleName"] for each in clients.iam.list_roles()["Roles"]}
    assert "renamed" in roles
    assert "former" not in roles
    assert clients.iam.list_role_policies(RoleName="renamed")["PolicyNames"] == ["data"]


def test_an_unknown_type_is_named(provider: "EmulatorProvider") -> None:
    with pytest.raises(LocalStageError, match=r"aws:sqs/queue:Queue.*portfolio/local/resources"):
        make(provider, "aws:sqs/queue:Queue", {})


def test_an_input_is_never_dropped_in_silence(
    provider: "EmulatorProvider", group_name: str
) -> None:
    with pytest.raises(LocalStageError, match=r"kmsKeyId.*LogGroup"):
        make(provider, LOG_GROUP, {"name": group_name, "kmsKeyId": "alias/key"})


def test_an_input_that_aws_refuses_fails(provider: "EmulatorProvider", group_name: str) -> None:
    with pytest.raises(LocalStageError, match=r"refuses .*LogGroup thing: .*retentionInDays"):
        make(provider, LOG_GROUP, {"name": group_name, "retentionInDays": 8})


def test_functions_are_refused(provider: "EmulatorProvider") -> None:
    from pulumi.runtime import MockCallArgs  # noqa: PLC0415 - as above

    with pytest.raises(LocalStageError, match="getCallerIdentity"):
        provider.call(MockCallArgs("aws:index/getCallerIdentity:getCallerIdentity", {}, ""))


def test_no_other_account_is_accepted(emulator: "Emulator") -> None:
    from portfolio.local.clients import connect  # noqa: PLC0415 - as above

    with pytest.raises(LocalStageError, match="account 000000000000"):
        connect(emulator.endpoint, "us-east-1", account="123456789012")
