"""What is left of a preview: found whatever it is, and never taken for another's."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Timer
from typing import Any

import boto3
import pytest

from infra.errors import StackError
from infra.paths import PROJECT
from infra.settings import load_stage_settings
from portfolio.local.emulator import Emulator
from portfolio.previews.leftovers import find_leftovers
from tests.previews.logs_service import LogsService, serve_logs

type Service = Callable[[str], Any]

_ACCOUNTS = itertools.count(444_444_444_000)
AT_ONCE = timedelta(0)
REGIONS = ("us-east-1",)


@pytest.fixture
def logs(emulator: Emulator) -> Iterator[LogsService]:
    with serve_logs(emulator.endpoint) as logs:
        yield logs


@pytest.fixture
def service(emulator: Emulator, logs: LogsService, monkeypatch: pytest.MonkeyPatch) -> Service:
    """Clients for an account of its own, which is the one that is searched."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", str(next(_ACCOUNTS)))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", logs.endpoint)
    session: Any = boto3.Session(region_name="us-east-1")
    return session.client


def make_table(service: Service, environment: str) -> str:
    tags = {"project": PROJECT, "environment": environment}
    made = service("dynamodb").create_table(
        TableName=f"{environment}-table",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    return made["TableDescription"]["TableArn"]


def make_function_log_group(service: Service, environment: str) -> str:
    name = f"/aws/lambda/{environment}-{PROJECT}"
    service("logs").create_log_group(logGroupName=name)
    return f"log group {name} in us-east-1"


def make_access_log_group(service: Service, environment: str) -> str:
    name = f"/aws/vendedlogs/{environment}-{PROJECT}-access"
    service("logs").create_log_group(logGroupName=name)
    return f"log group {name} in us-east-1"


def make_role(service: Service, environment: str) -> str:
    name = f"{environment}-{PROJECT}"
    service("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    return f"role {name}"


def make_dashboard(service: Service, environment: str) -> str:
    name = f"{environment}-{PROJECT}"
    body = json.dumps({"widgets": []})
    service("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)
    return f"dashboard {name}"


@pytest.mark.parametrize(
    "make",
    [make_table, make_function_log_group, make_access_log_group, make_role, make_dashboard],
)
def test_it_is_found_and_others_are_not(
    service: Service, make: Callable[[Service, str], str]
) -> None:
    for other in ("pr-1", "pr-123", "development"):
        make(service, other)
    assert find_leftovers(load_stage_settings("pr-12"), REGIONS, AT_ONCE) == []
    left = make(service, "pr-12")
    assert find_leftovers(load_stage_settings("pr-12"), REGIONS, AT_ONCE) == [left]


@pytest.mark.usefixtures("service")
def test_every_saved_query_is_found(logs: LogsService) -> None:
    own = [f"pr-12-{PROJECT}/{name}" for name in ("errors", "slow requests")]
    logs.queries += [f"pr-1-{PROJECT}/errors", *own, f"pr-123-{PROJECT}/errors"]
    left = find_leftovers(load_stage_settings("pr-12"), REGIONS, AT_ONCE)
    assert left == [f"saved query {name} in us-east-1" for name in own]


def test_every_region_is_searched(service: Service) -> None:
    settings = load_stage_settings("pr-12")
    left = make_function_log_group(service, "pr-12")
    assert find_leftovers(settings, ["eu-west-1"], AT_ONCE) == []
    assert find_leftovers(settings, ["eu-west-1", "us-east-1"], AT_ONCE) == [left]


@pytest.mark.usefixtures("service")
def test_a_search_that_aws_denies_has_not_found_nothing(logs: LogsService) -> None:
    logs.denies = True
    told = "pr-12: The AWS credentials lack a permission: .*AccessDenied"
    with pytest.raises(StackError, match=told):
        find_leftovers(load_stage_settings("pr-12"), REGIONS, AT_ONCE)


def test_aws_is_given_time_to_forget(service: Service) -> None:
    name = make_role(service, "pr-12").removeprefix("role ")
    iam = service("iam")
    gone = Timer(0.2, lambda: iam.delete_role(RoleName=name))
    gone.start()
    assert find_leftovers(load_stage_settings("pr-12"), REGIONS, timedelta(seconds=2)) == []
    gone.join()
