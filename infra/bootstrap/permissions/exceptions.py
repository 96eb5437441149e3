"""Grants not limited by a stage's name or tags, each with its reason."""

from typing import Final

from infra.bootstrap.permissions.grant import Grant, Limit

_GATEWAY: Final = "ops.apigateway.amazonaws.com"

EXCEPTIONS: Final = (
    Grant(
        sid="LogDelivery",
        actions=(
            "logs:CreateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
        ),
        resources=("*",),
        limit=Limit.NOTHING,
        reason="API Gateway needs them for the access log of a stage; a log delivery has no "
        "name and no tags, and a resource policy only allows AWS services to write logs",
    ),
    Grant(
        sid="SavedQueries",
        actions=(
            "logs:DeleteQueryDefinition",
            "logs:DescribeQueryDefinitions",
            "logs:PutQueryDefinition",
        ),
        resources=("*",),
        limit=Limit.NOTHING,
        reason="IAM has no resource for saved queries; a query is text only and has no data",
    ),
    Grant(
        sid="Subscriptions",
        actions=(
            "sns:GetSubscriptionAttributes",
            "sns:SetSubscriptionAttributes",
            "sns:Unsubscribe",
        ),
        resources=("*",),
        limit=Limit.NOTHING,
        reason="IAM has no resource for subscriptions",
    ),
    Grant(
        sid="AlarmReads",
        actions=("cloudwatch:DescribeAlarms",),
        resources=("cloudwatch:{region}:{account}:alarm:*",),
        limit=Limit.NOTHING,
        reason="the provider lists alarms by name, and AWS checks this on all alarms; it reveals "
        "only thresholds and states",
    ),
    Grant(
        sid="Searches",
        actions=(
            "cloudwatch:ListDashboards",
            "iam:ListRoles",
            "logs:DescribeLogGroups",
            "tag:GetResources",
        ),
        resources=("*",),
        limit=Limit.NOTHING,
        reason="they list names and tags, to find the leftovers of a preview",
    ),
    Grant(
        sid="GatewaysOwnRole",
        actions=("iam:CreateServiceLinkedRole",),
        resources=(
            f"iam::{{account}}:role/aws-service-role/{_GATEWAY}/AWSServiceRoleForAPIGateway",
        ),
        limit=Limit.NOTHING,
        conditions={"StringEquals": {"iam:AWSServiceName": _GATEWAY}},
        reason="API Gateway creates it with the account's first custom domain; AWS sets its policy",
    ),
)
