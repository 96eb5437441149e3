"""The grants that neither a stage's name nor its tags limit, and why."""

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
        reason="API Gateway asks for them when a stage has an access log; a log delivery has no "
        "name and no tags, and a resource policy only lets AWS's services write logs",
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
        reason="a saved query is no resource to IAM; it holds no data, and finds none by itself",
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
        reason="a subscription is no resource to IAM",
    ),
    Grant(
        sid="AlarmReads",
        actions=("cloudwatch:DescribeAlarms",),
        resources=("cloudwatch:{region}:{account}:alarm:*",),
        limit=Limit.NOTHING,
        reason="the provider asks by name, in a list, and AWS checks that on all alarms; they tell "
        "thresholds and states",
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
        reason="they list names and tags, among which a preview's leftovers are looked for",
    ),
    Grant(
        sid="GatewaysOwnRole",
        actions=("iam:CreateServiceLinkedRole",),
        resources=(
            f"iam::{{account}}:role/aws-service-role/{_GATEWAY}/AWSServiceRoleForAPIGateway",
        ),
        limit=Limit.NOTHING,
        conditions={"StringEquals": {"iam:AWSServiceName": _GATEWAY}},
        reason="API Gateway makes it with the account's first custom domain; AWS says what it can",
    ),
)
