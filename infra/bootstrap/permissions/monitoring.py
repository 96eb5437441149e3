"""Alarms, dashboards, and the topics that tell people."""

from typing import Final

from infra.bootstrap.permissions.grant import Grant, Limit

MONITORING_GRANTS: Final = (
    Grant(
        sid="Alarms",
        actions=(
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:ListTagsForResource",
            "cloudwatch:PutMetricAlarm",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ),
        resources=("cloudwatch:{region}:{account}:alarm:{name}",),
        limit=Limit.NAME,
    ),
    Grant(
        sid="Dashboards",
        actions=(
            "cloudwatch:DeleteDashboards",
            "cloudwatch:GetDashboard",
            "cloudwatch:PutDashboard",
        ),
        resources=("cloudwatch::{account}:dashboard/{name}",),
        limit=Limit.NAME,
    ),
    Grant(
        sid="Topics",
        actions=(
            "sns:CreateTopic",
            "sns:DeleteTopic",
            "sns:GetTopicAttributes",
            "sns:ListSubscriptionsByTopic",
            "sns:ListTagsForResource",
            "sns:SetTopicAttributes",
            "sns:TagResource",
            "sns:UntagResource",
        ),
        resources=("sns:{region}:{account}:{name}",),
        limit=Limit.NAME,
    ),
    Grant(
        sid="Subscribers",
        actions=("sns:Subscribe",),
        resources=("sns:{region}:{account}:{name}",),
        limit=Limit.NAME,
        conditions={"StringEquals": {"sns:Protocol": "email"}},
    ),
)
