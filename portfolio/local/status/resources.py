"""The resources of the local stage, as the emulator has them."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from infra.components.names import LIVE
from portfolio.local.resources import NOT_EMULATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portfolio.local.stage import LocalStage


@dataclass(frozen=True)
class Resource:
    """A resource, or several of a kind."""

    kind: str
    name: str
    facts: str
    path: str = ""
    """The path of the page with its contents; empty without one."""

    contents: str = ""
    """The text of the link to that page."""


def list_resources(stage: "LocalStage") -> list[Resource]:
    """Return the resources.

    Raises:
        ClientError: if the emulator refuses a call.
        BotoCoreError: if the emulator does not answer.
    """
    return [
        _describe_api(stage),
        *_describe_function_and_role(stage),
        _describe_table(stage),
        _describe_user_pool(stage),
        *_describe_log_groups(stage),
        *_describe_monitoring(stage),
        *(Resource("Not emulated", name, "exists in AWS only") for name in NOT_EMULATED.values()),
    ]


def find_api_id(stage: "LocalStage") -> str:
    """Return the id of the HTTP API."""
    return (urlsplit(stage.outputs["api_url"]).hostname or "").partition(".")[0]


def read_role_policies(stage: "LocalStage") -> dict[str, str]:
    """Return the policies of the function's role by name, as JSON.

    Raises:
        ClientError: if the emulator refuses a call.
        BotoCoreError: if the emulator does not answer.
    """
    iam, role = stage.code.clients.iam, _find_role(_read_function(stage))
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policies: dict[str, Any] = {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in names
    }
    return {name: json.dumps(policy, indent=2) for name, policy in policies.items()}


def _describe_api(stage: "LocalStage") -> Resource:
    gateway, api_id = stage.code.clients.api_gateway, find_api_id(stage)
    api = gateway.get_api(ApiId=api_id)
    authorizers = gateway.get_authorizers(ApiId=api_id).get("Items", [])
    checks = "with an authorizer" if authorizers else "without an authorizer"
    return Resource("HTTP API", api.get("Name", ""), checks, "/routes", "Routes")


def _describe_function_and_role(stage: "LocalStage") -> "Iterator[Resource]":
    found = _read_function(stage)
    facts = (
        f"{found['Runtime']}, {found['Architectures'][0]}, {found['MemorySize']} MB, "
        f"{found['Timeout']} s, version {found['Version']}"
    )
    yield Resource("Lambda function", found["FunctionName"], facts, "/package", "Package")
    yield Resource("IAM role", _find_role(found), "of the function", "/role", "Policies")


def _read_function(stage: "LocalStage") -> Any:  # noqa: ANN401 - its keys are optional in the stubs
    name = stage.outputs["function_name"]
    functions = stage.code.clients.functions
    return functions.get_function_configuration(FunctionName=name, Qualifier=LIVE)


def _find_role(function: Any) -> str:  # noqa: ANN401 - as above
    arn: str = function["Role"]
    return arn.rpartition("/")[2]


def _describe_table(stage: "LocalStage") -> Resource:
    name = stage.outputs["table_name"]
    found = stage.code.clients.dynamodb.describe_table(TableName=name)["Table"]
    indexes = [each.get("IndexName", "") for each in found.get("GlobalSecondaryIndexes", [])]
    facts = f"{found.get('ItemCount', 0)} items, indexes: {', '.join(indexes) or 'none'}"
    return Resource("DynamoDB table", name, facts, "/table", "Partitions and items")


def _describe_user_pool(stage: "LocalStage") -> Resource:
    pool = stage.outputs["user_pool_id"]
    found = stage.code.clients.cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    closed = found.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly")
    sign_up = "off" if closed else "on"
    return Resource("Cognito user pool", pool, f"sign-up {sign_up}", "/users", "Users and mails")


def _describe_log_groups(stage: "LocalStage") -> "Iterator[Resource]":
    for name in (stage.outputs["log_group"], stage.outputs["access_log_group"]):
        groups = stage.code.clients.logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        for each in groups:
            if each.get("logGroupName") == name:
                facts = f"kept for {each.get('retentionInDays', 'unlimited')} days"
                yield Resource("Log group", name, facts, "/requests", "Last requests")


def _describe_monitoring(stage: "LocalStage") -> "Iterator[Resource]":
    clients = stage.code.clients
    for each in clients.cloudwatch.list_dashboards()["DashboardEntries"]:
        yield Resource("CloudWatch dashboard", each.get("DashboardName", ""), "for AWS's console")
    for alarm in clients.cloudwatch.describe_alarms()["MetricAlarms"]:
        yield Resource("CloudWatch alarm", alarm.get("AlarmName", ""), alarm.get("StateValue", ""))
    for topic in clients.sns.list_topics()["Topics"]:
        name = topic.get("TopicArn", "").rpartition(":")[2]
        yield Resource("SNS topic", name, "for alarms")
