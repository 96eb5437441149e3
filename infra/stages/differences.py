"""How the stages differ on purpose, and why.

A difference that is missing here is a mistake, and so is one that is here and not there:
`portfolio validate` and a test tell of both.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Declared:
    """A setting whose value is not the same in all stages."""

    setting: str
    """Its key."""

    reason: str

    effects: tuple[str, ...] = ()
    """What of the registered resources differs with it: `<service>.<Type> <name>: <property>`."""


DECLARED: Final = (
    Declared(
        "environment",
        "Every name begins with it, so that stages can share an account; "
        "a preview is named after its pull request.",
    ),
    Declared(
        "allowedAccounts",
        "Production has an account of its own; the emulator's belongs to no customer of AWS.",
        ("providers.aws aws: allowedAccountIds",),
    ),
    Declared(
        "corsOrigins",
        "Each stage answers to the frontend that is deployed with it, "
        "and to a developer's own outside production.",
        (
            "apigatewayv2.Api api: corsConfiguration.allowOrigins",
            "lambda.Function function: environment.variables.CORS_ORIGINS",
        ),
    ),
    Declared(
        "logLevel",
        "What is being tried on AWS tells all it does; `make up` shows each request by itself.",
        ("lambda.Function function: environment.variables.LOG_LEVEL",),
    ),
    Declared(
        "logRetentionDays",
        "A preview lives for days; production's logs must last for questions asked later.",
        (
            "cloudwatch.LogGroup api-access: retentionInDays",
            "cloudwatch.LogGroup function: retentionInDays",
        ),
    ),
    Declared("domainName", "Only production is called by a name of its own."),
    Declared("hostedZone", "Goes with the domain."),
    Declared("alarmEmail", "Only production's trouble is worth a message at night."),
    Declared(
        "protect",
        "Production's data must outlive mistakes; the other stages leave nothing behind.",
        (
            "cognito.UserPool identity: deletionProtection",
            "cognito.UserPool identity: options.protect",
            "dynamodb.Table table: deletionProtectionEnabled",
            "dynamodb.Table table: options.protect",
            "dynamodb.Table table: pointInTimeRecovery.enabled",
        ),
    ),
    Declared(
        "packageEngine",
        "What goes to AWS is built in AWS's own image; `make up` must do without containers.",
    ),
)
