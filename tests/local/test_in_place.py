"""A second deployment onto the same emulator: it changes what differs, and keeps all data."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from infra.contract.routes import open_writes
from infra.errors import LocalStageError
from tests.local_stage import deploy_beside

if TYPE_CHECKING:
    from portfolio.local.clients import EmulatorClients
    from portfolio.local.provider import Ledger
    from portfolio.local.stage import LocalStage

NAME = "moved-portfolio-api"
KEY = {"PK": {"S": "KEPT"}, "SK": {"S": "KEPT"}}
ALL = {
    "environment": "moved",
    "domainName": "api.moved.example",
    "hostedZone": "moved.example",
    "alarmEmail": "me@example.com",
    "gatewayAuthorizer": "true",
}


@pytest.fixture(scope="session")
def clients(stage: "LocalStage") -> "EmulatorClients":
    return stage.code.clients


def test_each_resource_changes_in_place_and_the_data_stays(
    stage: "LocalStage", clients: "EmulatorClients"
) -> None:
    zone = clients.route53.create_hosted_zone(Name="moved.example", CallerReference="moved")
    ledger: Ledger = {}
    first = deploy_beside(stage, ledger, **ALL)
    clients.dynamodb.put_item(TableName=first["table_name"], Item=KEY)
    clients.cognito.admin_create_user(UserPoolId=first["user_pool_id"], Username="a@moved.example")
    routes = _routes(clients)
    assert len(routes) > 10

    # As if each resource had had another input before.
    for key, known in ledger.items():
        ledger[key] = replace(known, inputs=known.inputs | {"former": True})
    second = deploy_beside(stage, ledger, **ALL)
    assert second | {"live_version": ""} == first | {"live_version": ""}
    assert second["live_version"] > first["live_version"]
    assert _routes(clients) == routes
    _check_that_data_is_kept(clients, second)

    bare = deploy_beside(stage, ledger, environment="moved")
    assert _routes(clients) == sorted(["$default", *open_writes()])
    assert not clients.cloudwatch.describe_alarms(AlarmNamePrefix=NAME)["MetricAlarms"]
    assert bare["user_pool_id"] == first["user_pool_id"]
    _check_that_data_is_kept(clients, bare)
    clients.route53.delete_hosted_zone(Id=zone["HostedZone"]["Id"])


def test_a_change_that_would_lose_data_is_refused(stage: "LocalStage") -> None:
    ledger: Ledger = {}
    deploy_beside(stage, ledger, environment="guardian")
    table = next(key for key in ledger if key.startswith("aws:dynamodb/table:Table"))
    ledger[table] = replace(ledger[table], inputs=ledger[table].inputs | {"hashKey": "another"})
    with pytest.raises(LocalStageError, match=r"hashKey of guardian-.* restart make up"):
        deploy_beside(stage, ledger, environment="guardian")
    with pytest.raises(LocalStageError, match=r"cannot be deleted while .*: restart make up"):
        deploy_beside(stage, ledger, environment="guardian-two")


def test_each_type_can_be_changed() -> None:
    from portfolio.local.resources import CHANGERS, MAKERS, REMOVERS  # noqa: PLC0415 - boto3 is slow

    assert set(CHANGERS) | set(REMOVERS) == set(MAKERS)


def _routes(clients: "EmulatorClients") -> list[str]:
    apis = clients.api_gateway.get_apis()["Items"]
    (api,) = [each.get("ApiId", "") for each in apis if each.get("Name") == NAME]
    return sorted(
        each.get("RouteKey", "") for each in clients.api_gateway.get_routes(ApiId=api)["Items"]
    )


def _check_that_data_is_kept(clients: "EmulatorClients", outputs: dict[str, str]) -> None:
    assert clients.dynamodb.get_item(TableName=outputs["table_name"], Key=KEY).get("Item") == KEY
    users = clients.cognito.list_users(UserPoolId=outputs["user_pool_id"])["Users"]
    assert [each.get("UserStatus") for each in users] == ["FORCE_CHANGE_PASSWORD"]
