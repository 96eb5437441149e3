"""The monitoring of a stage: alarms and a budget by e-mail, a dashboard, a query of its logs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws

from infra.components.alarms import Alarm, Metric, Watched, alarms
from infra.components.budget import create_budget
from infra.components.dashboard import dashboard_body
from infra.components.log_query import SLOW_AND_FAILED
from infra.paths import PROJECT

if TYPE_CHECKING:
    from infra.settings.groups import MonitoringSettings


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """Arguments of the monitoring."""

    settings: "MonitoringSettings"
    watched: Watched
    log_groups: list[pulumi.Input[str]]
    """The names of the access log's group and the function's."""

    guard: pulumi.ResourceHook
    """The hook to stop the deletion of a protected stage."""

    others: Sequence[pulumi.Resource]
    """The other components of the stage."""


class Monitoring(pulumi.ComponentResource):
    """A saved query; a dashboard, alarms and a budget, if the stage's settings ask for them."""

    def __init__(
        self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:components:Monitoring", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        self._siblings: list[pulumi.Resource] = []
        email = args.settings.alarm_email
        created = self._create_alarms(name, args, email) if email else []
        self._siblings += created
        if args.settings.budget_amount:
            self._siblings.append(create_budget(name, args.settings, self._child))
        if args.settings.dashboard:
            self._siblings.append(self._create_dashboard(name, args, created))
        self._create_query(name, args)
        self.register_outputs({})

    def _create_dashboard(
        self, name: str, args: MonitoringArgs, created: list[aws.cloudwatch.MetricAlarm]
    ) -> aws.cloudwatch.Dashboard:
        arns = [alarm.arn for alarm in created]
        region = args.settings.region
        return aws.cloudwatch.Dashboard(
            name,
            dashboard_name=args.settings.name,
            dashboard_body=dashboard_body(args.watched, region, args.log_groups, arns),
            opts=self._child,
        )

    def _create_query(self, name: str, args: MonitoringArgs) -> None:
        """Register the query as the last resource: `pulumi destroy` deletes it first, and alone.

        So a guard on it stops the deletion of the stage while everything still works.
        """
        guards = [args.guard] if args.settings.protect else []
        aws.cloudwatch.QueryDefinition(
            name,
            # The console shows the part before the slash as a folder.
            name=f"{args.settings.name}/slow and failed requests",
            log_group_names=args.log_groups,
            query_string=SLOW_AND_FAILED,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*args.others, *self._siblings],
                hooks=pulumi.ResourceHookBinding(before_delete=[*guards]),
            ),
        )

    def _create_alarms(
        self, name: str, args: MonitoringArgs, email: str
    ) -> list[aws.cloudwatch.MetricAlarm]:
        topic = self._create_topic(name, args, email)
        return [
            self._create_alarm(f"{name}-{alarm.name}", args, alarm, topic)
            for alarm in alarms(args.watched)
        ]

    def _create_topic(self, name: str, args: MonitoringArgs, email: str) -> aws.sns.Topic:
        """Register the alarms' topic with its one subscriber.

        The topic is not encrypted: it carries names and numbers, and e-mails carry them too.
        Alarms cannot use the key managed by AWS, and a key of our own costs 1 USD a month (AWS
        re:Post, "Why didn't I receive an SNS notification for my CloudWatch alarm trigger?").
        """
        topic = aws.sns.Topic(
            f"{name}-alarms",
            name=f"{args.settings.name}-alarms",
            display_name=args.settings.name,
            tags=args.settings.tags,
            opts=self._child,
        )
        policy = pulumi.Output.json_dumps(_topic_policy(args, topic))
        self._siblings += [
            aws.sns.TopicPolicy(f"{name}-alarms", arn=topic.arn, policy=policy, opts=self._child),
            aws.sns.TopicSubscription(
                f"{name}-alarms",
                topic=topic.arn,
                protocol="email",
                endpoint=email,
                opts=self._child,
            ),
        ]
        return topic

    def _create_alarm(
        self, name: str, args: MonitoringArgs, alarm: Alarm, topic: aws.sns.Topic
    ) -> aws.cloudwatch.MetricAlarm:
        return aws.cloudwatch.MetricAlarm(
            name,
            name=f"{args.settings.name}-{alarm.name}",
            alarm_description=_describe(alarm, args),
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.breaching,
            # These metrics have no values without requests, or without failed requests.
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            tags=args.settings.tags,
            opts=self._child,
            **_measured(alarm),
        )


def _describe(alarm: Alarm, args: MonitoringArgs) -> str:
    """Return an alarm's description: its meaning, its section in the runbook, the dashboard."""
    lines = [alarm.meaning, f"What to do: {args.settings.runbook}#{alarm.name}"]
    if args.settings.dashboard:
        lines.append(f"See the dashboard {args.settings.name}.")
    # The end of a line also ends the link.
    return "\n".join(lines)


def _topic_policy(args: MonitoringArgs, topic: aws.sns.Topic) -> dict[str, Any]:
    """A policy to let this stage's alarms publish, and nothing else.

    The default policy lets the complete account publish. Its condition (`AWS:SourceOwner`) is not
    documented by AWS any more.
    """
    alarm_arns = pulumi.Output.concat(
        f"arn:aws:cloudwatch:{args.settings.region}:", topic.owner, f":alarm:{args.settings.name}-*"
    )
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Alarms",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic.arn,
                "Condition": {"ArnLike": {"aws:SourceArn": alarm_arns}},
            }
        ],
    }


def _measured(alarm: Alarm) -> dict[str, Any]:
    """The alarm's metric or query, in CloudWatch's form for each."""
    period = 60 * alarm.minutes
    if not isinstance(alarm.metric, Metric):
        expression = alarm.metric.expression
        query = {"id": "value", "expression": expression, "period": period, "return_data": True}
        return {"metric_queries": [query]}
    metric = alarm.metric
    single = {
        "namespace": metric.namespace,
        "metric_name": metric.name,
        "dimensions": metric.dimensions,
        "period": period,
    }
    if not metric.statistic.startswith("p"):
        return {**single, "statistic": metric.statistic}
    return {
        **single,
        "extended_statistic": metric.statistic,
        # With few requests the slowest counts: a quiet site may never have enough of them.
        "evaluate_low_sample_count_percentiles": "evaluate",
    }
