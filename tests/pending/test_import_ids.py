"""The import ids of pending resources: from their inputs, or found in AWS."""

from typing import Any

import boto3
import pytest

from infra.paths import PROJECT
from portfolio.local.emulator import ACCESS_KEY, Emulator
from portfolio.pending.import_ids import find_import_id

POOL = "aws:cognito/userPool:UserPool"
ROUTE = "aws:apigatewayv2/route:Route"
TAGS = {"project": PROJECT, "environment": "pr-77"}
OTHERS = TAGS | {"environment": "pr-7"}


@pytest.fixture
def session(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> boto3.Session:
    """A session with the emulator for AWS."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    return boto3.Session(ACCESS_KEY, ACCESS_KEY, region_name="us-east-1")


@pytest.mark.parametrize(
    ("token", "inputs", "identifier"),
    [
        ("aws:dynamodb/table:Table", {"name": f"pr-77-{PROJECT}-table"}, None),
        ("aws:iam/rolePolicy:RolePolicy", {"role": "pr-77", "name": "own"}, "pr-77:own"),
        (
            "aws:lambda/permission:Permission",
            {"function": "pr-77", "qualifier": "live", "statementId": "gateway"},
            "pr-77:live/gateway",
        ),
    ],
)
def test_a_name_that_is_unique_gives_the_id(
    session: boto3.Session, token: str, inputs: dict[str, str], identifier: str | None
) -> None:
    assert find_import_id(token, inputs, session) == (identifier or inputs["name"])


def test_what_aws_creates_a_second_time_has_no_id(session: boto3.Session) -> None:
    assert find_import_id("aws:sns/topicPolicy:TopicPolicy", {"arn": "arn"}, session) is None


def test_a_pool_is_found_by_its_tags(session: boto3.Session) -> None:
    cognito: Any = session.client("cognito-idp")
    assert find_import_id(POOL, {"tags": TAGS}, session) is None
    pools = [
        cognito.create_user_pool(PoolName="pool", UserPoolTags=tags)["UserPool"]["Id"]
        for tags in (OTHERS, TAGS)
    ]
    try:
        assert find_import_id(POOL, {"tags": TAGS}, session) == pools[1]
    finally:
        for pool in pools:
            cognito.delete_user_pool(UserPoolId=pool)


def test_a_route_is_found_by_its_key(session: boto3.Session) -> None:
    gateway: Any = session.client("apigatewayv2")
    api = gateway.create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    try:
        route = gateway.create_route(ApiId=api, RouteKey="$default")["RouteId"]
        known = {"apiId": api, "routeKey": "$default"}
        assert find_import_id(ROUTE, known, session) == f"{api}/{route}"
        assert find_import_id(ROUTE, known | {"routeKey": "GET /"}, session) is None
    finally:
        gateway.delete_api(ApiId=api)
