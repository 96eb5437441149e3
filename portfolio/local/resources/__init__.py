"""The makers of all resource types of the program: each creates one on the emulator."""

import secrets
import string
from typing import Final

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources import (
    acm,
    apigatewayv2,
    budgets,
    cloudwatch,
    cognito,
    dynamodb,
    iam,
    lambda_,
    route53,
    sns,
)
from portfolio.local.resources.base import (
    Changer,
    Created,
    Function,
    Inputs,
    Known,
    Maker,
    Remover,
    keep,
)


def make_password(_clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a password, as pulumi-random does; AWS is not involved."""
    length = int(inputs.take("length"))
    if inputs.take("special", default=True):
        alphabet = string.ascii_letters + string.digits + "!@#$%&*()-_=+[]{}<>:?"
    else:
        alphabet = string.ascii_letters + string.digits
    result = "".join(secrets.choice(alphabet) for _ in range(length))
    return Created("none", {"result": result})


MAKERS: Final[dict[str, Maker]] = {
    **acm.MAKERS,
    **apigatewayv2.MAKERS,
    **budgets.MAKERS,
    **cloudwatch.MAKERS,
    **cognito.MAKERS,
    **dynamodb.MAKERS,
    **iam.MAKERS,
    **lambda_.MAKERS,
    **route53.MAKERS,
    **sns.MAKERS,
    "random:index/randomPassword:RandomPassword": make_password,
}
"""The maker for each of Pulumi's type tokens."""

CHANGERS: Final[dict[str, Changer]] = {
    **apigatewayv2.CHANGERS,
    **cloudwatch.CHANGERS,
    **cognito.CHANGERS,
    **dynamodb.CHANGERS,
    **iam.CHANGERS,
    **lambda_.CHANGERS,
    **sns.CHANGERS,
}
"""The changer for each type that keeps its identity or its data; others are made again."""

REMOVERS: Final[dict[str, Remover]] = {
    **acm.REMOVERS,
    **apigatewayv2.REMOVERS,
    **budgets.REMOVERS,
    **cloudwatch.REMOVERS,
    **cognito.REMOVERS,
    **iam.REMOVERS,
    **lambda_.REMOVERS,
    **route53.REMOVERS,
    **sns.REMOVERS,
    "random:index/randomPassword:RandomPassword": keep,
}
"""The remover for each type; the table, the users and the function itself are never removed."""

FUNCTIONS: Final[dict[str, Function]] = {**route53.FUNCTIONS}
"""The implementation of each of Pulumi's functions, by its token."""

NOT_EMULATED: Final = {
    "aws:cloudwatch/queryDefinition:QueryDefinition": "saved log queries",
}
"""Types without support in the emulator, by their token: the program may register them."""

__all__ = [
    "CHANGERS",
    "FUNCTIONS",
    "MAKERS",
    "NOT_EMULATED",
    "REMOVERS",
    "Created",
    "Function",
    "Inputs",
    "Known",
    "Maker",
]
