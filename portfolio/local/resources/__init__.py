"""How each resource type the program uses is made on the emulator, by real AWS calls."""

from typing import Final

from portfolio.local.resources import (
    acm,
    apigatewayv2,
    cloudwatch,
    cognito,
    dynamodb,
    iam,
    lambda_,
    random_,
    route53,
    sns,
)
from portfolio.local.resources.base import Created, Function, Inputs, Maker

MAKERS: Final[dict[str, Maker]] = {
    **acm.MAKERS,
    **apigatewayv2.MAKERS,
    **cloudwatch.MAKERS,
    **cognito.MAKERS,
    **dynamodb.MAKERS,
    **iam.MAKERS,
    **lambda_.MAKERS,
    **random_.MAKERS,
    **route53.MAKERS,
    **sns.MAKERS,
}
"""What makes a resource, by Pulumi's type token."""

FUNCTIONS: Final[dict[str, Function]] = {**route53.FUNCTIONS}
"""What answers a function, by Pulumi's token."""

NOT_EMULATED: Final = {
    "aws:cloudwatch/queryDefinition:QueryDefinition": "saved log queries",
}
"""What the program may register though the emulator does not know it, by Pulumi's type token."""

__all__ = ["FUNCTIONS", "MAKERS", "NOT_EMULATED", "Created", "Function", "Inputs", "Maker"]
