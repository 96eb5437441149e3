"""How the stages differ on purpose, and why.

A difference that is missing here is a mistake, and so is one that is here and not there:
`portfolio validate` and a test tell of both.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Declared:
    """Settings that go together, whose values are not the same in all stages."""

    settings: tuple[str, ...]
    """Their keys."""

    reason: str

    effects: tuple[str, ...] = ()
    """What of the registered resources differs with them: `<service>.<Type> <name>`, a resource
    that not every stage has, or `<service>.<Type> <name>: <property>`; * stands for anything."""


DECLARED: Final = (
    Declared(
        ("environment",),
        "Every name begins with it, so that stages can share an account; "
        "a preview is named after its pull request.",
        ("*: tags.pull-request",),
    ),
    Declared(
        ("allowedAccounts",),
        "Production has an account of its own; the emulator's belongs to no customer of AWS.",
        ("providers.aws aws: allowedAccountIds",),
    ),
    Declared(
        ("corsOrigins",),
        "Each stage answers to the frontend that is deployed with it, "
        "and to a developer's own outside production.",
        (
            "apigatewayv2.Api api: corsConfiguration.allowOrigins",
            "lambda.Function function: environment.variables.CORS_ORIGINS",
        ),
    ),
    Declared(
        ("logLevel",),
        "What is being tried on AWS tells all it does; `make up` shows each request by itself.",
        ("lambda.Function function: environment.variables.LOG_LEVEL",),
    ),
    Declared(
        ("logRetentionDays",),
        "A preview lives for days; production's logs must last for questions asked later.",
        ("cloudwatch.LogGroup *: retentionInDays",),
    ),
    Declared(
        ("domainName", "hostedZone"),
        "Only production is called by a name of its own, and then by no other.",
        ("apigatewayv2.Api api: disableExecuteApiEndpoint", "components.Domain domain"),
    ),
    Declared(
        ("alarmEmail",),
        "Only production's trouble is worth a message at night.",
        (
            "cloudwatch.Dashboard monitoring: dashboardBody.widgets",
            "cloudwatch.MetricAlarm monitoring-*",
            "sns.* monitoring-alarms",
        ),
    ),
    Declared(
        ("permissionsBoundary",),
        "Each account has the boundary that its bootstrap made; nobody deploys to the emulator.",
        ("iam.Role function: permissionsBoundary",),
    ),
    Declared(
        ("protect",),
        "Production's data must outlive mistakes; the other stages leave nothing behind.",
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
        ),
    ),
    Declared(
        ("packageEngine",),
        "What goes to AWS is built in AWS's own image; `make up` must do without containers.",
    ),
)
