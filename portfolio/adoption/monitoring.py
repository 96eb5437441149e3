"""Existing dashboard, alarms and topic with the stage's names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import are_ours, read_tags

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_sns import SNSClient

    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties

_DASHBOARD: Final = "aws:cloudwatch/dashboard:Dashboard"
_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
_TOPIC: Final = "aws:sns/topic:Topic"


@dataclass(frozen=True)
class MonitoringClients:
    """Clients for the services of the monitoring."""

    cloudwatch: "CloudWatchClient"
    topics: "SNSClient"


def find_monitoring(
    clients: MonitoringClients,
    settings: "StageSettings",
    wanted: "Mapping[tuple[str, str], Properties]",
) -> Iterator[Subject]:
    """Return the existing resources of the monitoring. Missing ones are left out.

    Args:
        clients: clients for the services.
        settings: the stage's settings.
        wanted: the inputs of all resources in the program, by type and name.
    """
    for (kind, resource), inputs in wanted.items():
        place = f"{kind}::{resource}"
        if kind == _DASHBOARD:
            yield from _find_dashboard(clients.cloudwatch, place, inputs["dashboardName"])
        elif kind == _ALARM:
            yield from _find_alarm(clients.cloudwatch, settings, place, inputs["name"])
        elif kind == _TOPIC:
            yield from _find_topic(clients.topics, settings, place, inputs["name"])


def _find_dashboard(client: "CloudWatchClient", place: str, name: str) -> Iterator[Subject]:
    pages = client.get_paginator("list_dashboards").paginate(DashboardNamePrefix=name)
    names = {each.get("DashboardName") for page in pages for each in page["DashboardEntries"]}
    if name in names:
        yield _subject("dashboard", place, name, Existing(id=name))


def _find_alarm(
    client: "CloudWatchClient", settings: "StageSettings", place: str, name: str
) -> Iterator[Subject]:
    for alarm in client.describe_alarms(AlarmNames=[name])["MetricAlarms"]:
        answer = client.list_tags_for_resource(ResourceARN=alarm.get("AlarmArn", ""))
        tags = read_tags(answer["Tags"])
        yield _subject("alarm", place, name, Existing(id=name, is_ours=are_ours(tags, settings)))


def _find_topic(
    client: "SNSClient", settings: "StageSettings", place: str, name: str
) -> Iterator[Subject]:
    pages = client.get_paginator("list_topics").paginate()
    for arn in [each.get("TopicArn", "") for page in pages for each in page["Topics"]]:
        if arn.rpartition(":")[2] == name:
            answer = client.list_tags_for_resource(ResourceArn=arn)
            tags = read_tags(answer.get("Tags", []))
            existing = Existing(id=arn, is_ours=are_ours(tags, settings))
            # AWS refuses to create it with other tags, and the provider always (pulumi-aws #2009).
            yield _subject("topic", place, name, existing, is_overwritten=False)


def _subject(
    kind: str, place: str, name: str, existing: Existing, *, is_overwritten: bool = True
) -> Subject:
    return Subject(
        kind=kind,
        resource=place,
        name=name,
        setting=None,
        adopted=None,
        existing=existing,
        is_overwritten=is_overwritten,
    )
