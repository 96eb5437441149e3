"""Requests next to the needed ones: one part is another, so a role must not make them.

The rules depend on the requests alone. A policy that allows too much changes none of them.
"""

from collections.abc import Iterator

from tests.bootstrap.iam_evaluator import Request

OPTIONAL = {"cloudwatch:AlarmActions"}
"""Keys that a request may leave out: an alarm without actions is harmless."""

UNCHECKED = {"aws:RequestTag/managed-by", "aws:ResourceTag/managed-by"}
"""Tags that separate no stages."""

TAGGING = {"acm:AddTagsToCertificate", "apigateway:TagResource", "cognito-idp:TagResource"}
"""Actions on a resource that may have no tags yet."""


def neighbours(request: Request, name: str) -> Iterator[Request]:
    """Yield the requests that differ in the action, a field of the ARN or a condition key.

    Args:
        request: a needed request.
        name: prefix of the stage's names. In an ARN it is the limit, and the tags are free.
    """
    yield Request(f"{request.action}Else", request.resource, request.context)
    yield Request(f"{request.action.partition(':')[0]}:Else", request.resource, request.context)
    if request.resource != "*":
        for resource in other_resources(request.resource):
            yield Request(request.action, resource, request.context)
    for key in request.context:
        if key in UNCHECKED or (name in request.resource and key.startswith("aws:RequestTag/")):
            continue
        yield from _with_other_value(request, key)


def other_resources(arn: str) -> Iterator[str]:
    """Yield the ARN with another region, account and name, one at a time."""
    *start, region, account, resource = arn.split(":", 5)
    if region:
        yield ":".join([*start, "eu-west-1", account, resource])
    if account:
        yield ":".join([*start, region, "999999999999", resource])
    yield ":".join([*start, region, account, "other/other"])
    yield ":".join([*start, region, account, f"other-{resource}"])


def _with_other_value(request: Request, key: str) -> Iterator[Request]:
    rest = {each: value for each, value in request.context.items() if each != key}
    other = ["other"] if isinstance(request.context[key], list) else "other"
    yield Request(request.action, request.resource, {**rest, key: other})
    if key not in OPTIONAL and request.action not in TAGGING:
        yield Request(request.action, request.resource, rest)
