"""Existing log groups."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import are_ours, camel, find_changes

if TYPE_CHECKING:
    from types_boto3_logs import CloudWatchLogsClient

    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties


def find_log_groups(
    client: "CloudWatchLogsClient",
    settings: "StageSettings",
    function: "Properties",
    access: "Properties",
) -> Iterator[Subject]:
    """Return the log groups of the function and the gateway.

    Args:
        client: a client for CloudWatch Logs.
        settings: the stage's settings.
        function: the inputs of the function's log group in the program.
        access: the inputs of the gateway's log group.
    """
    for name, setting, adopted, wanted in (
        ("function", "adoptLogGroup", settings.adopt_log_group, function),
        ("api-access", "adoptAccessLogGroup", settings.adopt_access_log_group, access),
    ):
        yield Subject(
            kind="log group",
            resource=f"aws:cloudwatch/logGroup:LogGroup::{name}",
            name=wanted["name"],
            setting=setting,
            adopted=adopted,
            existing=_find(client, settings, wanted),
        )


def _find(
    client: "CloudWatchLogsClient", settings: "StageSettings", wanted: "Properties"
) -> Existing | None:
    name: str = wanted["name"]
    answer: Any = client.describe_log_groups(logGroupNamePrefix=name)
    for group in answer["logGroups"]:
        if group["logGroupName"] == name:
            arn = group["arn"].removesuffix(":*")
            tags = client.list_tags_for_resource(resourceArn=arn)["tags"]
            found = {**camel(group), "tags": tags}
            return Existing(
                id=name,
                is_ours=are_ours(tags, settings),
                changes=find_changes(found, wanted, "retentionInDays", "tags"),
            )
    return None
