"""How each resource type the program uses is made on the emulator, by real AWS calls."""

from infra.local.resources import apigatewayv2, cognito, dynamodb, iam, lambda_, logs, random_
from infra.local.resources.base import Created, Inputs, Maker

MAKERS: dict[str, Maker] = {
    **apigatewayv2.MAKERS,
    **cognito.MAKERS,
    **dynamodb.MAKERS,
    **iam.MAKERS,
    **lambda_.MAKERS,
    **logs.MAKERS,
    **random_.MAKERS,
}
"""What makes a resource, by Pulumi's type token."""

__all__ = ["MAKERS", "Created", "Inputs", "Maker"]
