"""Grants for alarms, budgets, dashboards and notification topics."""

from typing import Final

from infra.bootstrap.permissions.grant import Grant, Limit, Scope, arns

_ALARMS: Final = "cloudwatch:{region}:{account}:alarm:{name}"
_TOPICS: Final = "sns:{region}:{account}:{name}"

MONITORING_GRANTS: Final = (
    Grant(
        sid="Alarms",
        actions=(
            "cloudwatch:DeleteAlarms",
            "cloudwatch:ListTagsForResource",
            "cloudwatch:TagResource",
            "cloudwatch:UntagResource",
        ),
        resources=(_ALARMS,),
        limit=Limit.NAME,
    ),
    Grant(
        sid="Budgets",
        actions=(
            "budgets:ListTagsForResource",
            "budgets:ModifyBudget",
            "budgets:TagResource",
            "budgets:UntagResource",
            "budgets:ViewBudget",
        ),
        resources=("budgets::{account}:budget/{name}",),
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
        resources=(_TOPICS,),
        limit=Limit.NAME,
    ),
    Grant(
        sid="Subscribers",
        actions=("sns:Subscribe",),
        resources=(_TOPICS,),
        limit=Limit.NAME,
        conditions={"StringEquals": {"sns:Protocol": "email"}},
    ),
)


def alarm_grants(scope: Scope) -> tuple[Grant, ...]:
    """Return the grants for alarms; their only action is a message to the stages' own topics."""
    return (
        Grant(
            sid="AlarmsThatTell",
            actions=("cloudwatch:PutMetricAlarm",),
            resources=(_ALARMS,),
            limit=Limit.NAME,
            # Other alarm actions could stop or terminate machines of the account.
            conditions={
                "ForAllValues:StringLike": {"cloudwatch:AlarmActions": arns(_TOPICS, scope)}
            },
        ),
    )
