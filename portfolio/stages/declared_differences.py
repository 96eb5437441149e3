"""Intended differences between the stages, and their reasons.

`portfolio validate` and a test fail if a difference is not declared here, or if a declared one does
not exist.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Declared:
    """Related settings with different values in the stages."""

    settings: tuple[str, ...]
    """The keys of the settings."""

    reason: str
    """The reason for the difference, printed by `portfolio stages`."""

    effects: tuple[str, ...] = ()
    """Different resources and properties as an effect of the settings.

    `<service>.<Type> <name>` is a resource missing in some stages, and
    `<service>.<Type> <name>: <property>` a property. `*` is a placeholder for any text.
    """


DECLARED: Final = (
    Declared(
        ("environment",),
        "The prefix of every resource name, so that stages can share an account. "
        "A preview has its pull request's number.",
        ("*: tags.pull-request",),
    ),
    Declared(
        ("allowedAccounts",),
        "Production has its own account. The emulator's account number does not exist in AWS.",
        ("providers.aws aws: allowedAccountIds",),
    ),
    Declared(
        ("corsOrigins",),
        "Each stage accepts requests from the frontend deployed with it, and outside production "
        "from a developer's own frontend. A preview's origin has its pull request's number.",
        (
            "apigatewayv2.Api api: corsConfiguration.allowOrigins",
            "lambda.Function function: environment.variables.CORS_ORIGINS",
        ),
    ),
    Declared(
        ("logLevel",),
        "Test stages on AWS log every detail. `make up` prints each request anyway.",
        ("lambda.Function function: environment.variables.LOG_LEVEL",),
    ),
    Declared(
        ("logRetentionDays",),
        "A preview exists for days. Production's logs are needed for later questions.",
        ("cloudwatch.LogGroup *: retentionInDays",),
    ),
    Declared(
        ("domainName", "hostedZone"),
        "Only production has its own domain, and is reachable only under that name.",
        ("apigatewayv2.Api api: disableExecuteApiEndpoint", "components.Domain domain"),
    ),
    Declared(
        ("alarmEmail",),
        "Only production's alarms are worth a message at night.",
        (
            "cloudwatch.Dashboard monitoring: dashboardBody.widgets",
            "cloudwatch.MetricAlarm monitoring-*",
            "sns.* monitoring-alarms",
        ),
    ),
    Declared(
        ("dashboard",),
        "A dashboard costs 3 USD a month, and a preview is looked at for days.",
        ("cloudwatch.Dashboard monitoring",),
    ),
    Declared(
        ("permissionsBoundary",),
        "Each account has the boundary from its bootstrap. The emulator needs none.",
        ("iam.Role function: permissionsBoundary",),
    ),
    Declared(
        ("protect",),
        "Production's data must survive mistakes. The other stages can be deleted completely.",
        (
            "cloudwatch.LogGroup *: options.protect",
            "cloudwatch.LogGroup *: options.retainOnDelete",
            "cognito.UserPool identity: deletionProtection",
            "cognito.UserPool identity: options.beforeDelete",
            "cognito.UserPool identity: options.protect",
            "dynamodb.Table table: deletionProtectionEnabled",
            "dynamodb.Table table: options.beforeDelete",
            "dynamodb.Table table: options.protect",
            "dynamodb.Table table: pointInTimeRecovery.enabled",
            "cloudwatch.QueryDefinition monitoring: options.beforeDelete",
        ),
    ),
    Declared(
        ("packageEngine",),
        "Zips for AWS are built in AWS's own image. `make up` works without containers.",
    ),
)
