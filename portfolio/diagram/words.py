"""Readable names for Pulumi's type tokens and resource names."""

import re
from typing import Final

_SERVICES: Final = {
    "apigateway": "API Gateway",
    "apigatewayv2": "API Gateway",
    "cloudfront": "CloudFront",
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDB",
    "eventbridge": "EventBridge",
    "route53": "Route 53",
    "secretsmanager": "Secrets Manager",
    "stepfunctions": "Step Functions",
}
"""AWS's own spelling of services with irregular names."""

_ACRONYMS: Final = frozenset(
    {"api", "arn", "cors", "dns", "http", "iam", "ip", "tls", "url", "vpc"}
)
_WORD: Final = re.compile(r"[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+\d*|\d+")
_SHORT: Final = 3
"""Service names up to this length are acronyms: SNS, ACM."""


def name_service(token: str) -> str:
    """Return the service of a type: `aws:dynamodb/table:Table` belongs to DynamoDB."""
    module = module_of(token)
    spelled = module.upper() if len(module) <= _SHORT else module.capitalize()
    return _SERVICES.get(module, spelled)


def name_kind(token: str) -> str:
    """Return a type in plain words, without its service: `user pool`, `API mapping`.

    A service's name is left out of its types: Random has a `password`.
    """
    kind = token.rpartition(":")[2]
    words = [_lower(word) for word in _WORD.findall(kind)] or [kind]
    if len(words) > 1 and words[0].lower() == module_of(token):
        words = words[1:]
    return " ".join(words)


def name_component(token: str) -> str:
    """Return a component's type as a title: `HTTP API`, `Monitoring`."""
    return capitalise(name_kind(token))


def name_resource(name: str) -> str:
    """Return a resource's name as a title: `session-key` becomes `Session key`."""
    return capitalise(re.sub(r"[-_]", " ", name))


def capitalise(text: str) -> str:
    """Return the text with a capital first letter; the other letters stay."""
    return text[:1].upper() + text[1:]


def module_of(token: str) -> str:
    """Return the module of a type in its provider: `dynamodb`, or `random`."""
    package, _, rest = token.partition(":")
    module = rest.partition(":")[0].partition("/")[0]
    return package if module in ("", "index") else module


def _lower(word: str) -> str:
    return word.upper() if word.lower() in _ACRONYMS else word.lower()
