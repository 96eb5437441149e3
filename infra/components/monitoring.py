"""What tells how a stage is doing: alarms by mail, a dashboard, and a query of its logs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.components.alarms import Alarm, Metric, Watched, alarms
from infra.components.dashboard import dashboard_body
from infra.components.log_query import SLOW_AND_FAILED


@dataclass(frozen=True, kw_only=True)
class MonitoringArgs:
    """What the monitoring needs to know."""

    name: str
    region: str
    alarm_email: str | None
    """Who is told of alarms; None makes none, as nobody would hear them and each has its price."""

    watched: Watched
    log_group: pulumi.Input[str]
    """The function's."""

    access_log_group: pulumi.Input[str]
    tags: Mapping[str, str]


class Monitoring(pulumi.ComponentResource):
    """A dashboard and a saved query for every stage, alarms for those with someone to tell."""

    dashboard: pulumi.Output[str]
    """Its name."""

    def __init__(
        self, name: str, args: MonitoringArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:components:Monitoring", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self)
        log_groups = [args.access_log_group, args.log_group]
        made = self._create_alarms(name, args, args.alarm_email) if args.alarm_email else []
        arns = [alarm.arn for alarm in made]
        dashboard = aws.cloudwatch.Dashboard(
            name,
            dashboard_name=args.name,
            dashboard_body=dashboard_body(args.watched, args.region, log_groups, arns),
            opts=self._child,
        )
        aws.cloudwatch.QueryDefinition(
            name,
            # The console shows what is before the slash as a folder.
            name=f"{args.name}/slow and failed requests",
            log_group_names=log_groups,
            query_string=SLOW_AND_FAILED,
            opts=self._child,
        )
        self.dashboard = dashboard.dashboard_name
        self.register_outputs({"dashboard": self.dashboard})

    def _create_alarms(
        self, name: str, args: MonitoringArgs, email: str
    ) -> list[aws.cloudwatch.MetricAlarm]:
        topic = self._create_topic(name, args, email)
        return [
            self._create_alarm(f"{name}-{alarm.name}", args, alarm, topic)
            for alarm in alarms(args.watched)
        ]

    def _create_topic(self, name: str, args: MonitoringArgs, email: str) -> aws.sns.Topic:
        """The topic, not encrypted: it carries names and numbers, which then go out as mail.

        Alarms cannot use the key that AWS manages, and one of our own costs 1 USD a month (AWS
        re:Post, "Why didn't I receive an SNS notification for my CloudWatch alarm trigger?").
        """
        topic = aws.sns.Topic(
            f"{name}-alarms",
            name=f"{args.name}-alarms",
            display_name=args.name,
            tags=args.tags,
            opts=self._child,
        )
        policy = pulumi.Output.json_dumps(_topic_policy(args, topic))
        aws.sns.TopicPolicy(f"{name}-alarms", arn=topic.arn, policy=policy, opts=self._child)
        aws.sns.TopicSubscription(
            f"{name}-alarms", topic=topic.arn, protocol="email", endpoint=email, opts=self._child
        )
        return topic

    def _create_alarm(
        self, name: str, args: MonitoringArgs, alarm: Alarm, topic: aws.sns.Topic
    ) -> aws.cloudwatch.MetricAlarm:
        return aws.cloudwatch.MetricAlarm(
            name,
            name=f"{args.name}-{alarm.name}",
            alarm_description=f"{alarm.meaning} See the dashboard {args.name}.",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=alarm.threshold,
            evaluation_periods=alarm.periods,
            datapoints_to_alarm=alarm.breaching,
            # These metrics have no values while there are no requests, or none that failed.
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            tags=args.tags,
            opts=self._child,
            **_measured(alarm),
        )


def _topic_policy(args: MonitoringArgs, topic: aws.sns.Topic) -> dict[str, Any]:
    """Only this stage's alarms may publish.

    The default policy would let them, but by a condition that AWS no longer documents
    (`AWS:SourceOwner`), and everything else in the account too.
    """
    alarm_arns = pulumi.Output.concat(
        f"arn:aws:cloudwatch:{args.region}:", topic.owner, f":alarm:{args.name}-*"
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
    """What the alarm looks at, in one of the two forms that CloudWatch takes it in."""
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
        # Of a few requests the slowest counts: enough of them may never come together.
        "evaluate_low_sample_count_percentiles": "evaluate",
    }
