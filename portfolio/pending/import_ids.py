"""The provider's import id of a pending resource, from its inputs or from AWS.

Types that are not listed need none: AWS accepts their creation a second time.
Source: the section "Import" of each type's page in the Pulumi Registry.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import boto3

type _Inputs = Mapping[str, Any]
type _Search = Callable[["boto3.Session", _Inputs], str | None]
"""Returns the import id, or None if AWS does not have the resource."""

_BY_INPUTS: Final = {
    "aws:apigatewayv2/domainName:DomainName": "{domainName}",
    "aws:apigatewayv2/stage:Stage": "{apiId}/{name}",
    "aws:cloudwatch/dashboard:Dashboard": "{dashboardName}",
    "aws:cloudwatch/logGroup:LogGroup": "{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "{name}",
    "aws:cognito/userGroup:UserGroup": "{userPoolId}/{name}",
    "aws:dynamodb/table:Table": "{name}",
    "aws:iam/role:Role": "{name}",
    "aws:iam/rolePolicy:RolePolicy": "{role}:{name}",
    "aws:lambda/alias:Alias": "{functionName}/{name}",
    "aws:lambda/function:Function": "{name}",
    "aws:lambda/permission:Permission": "{function}:{qualifier}/{statementId}",
    "aws:route53/record:Record": "{zoneId}_{name}_{type}",
}


def find_import_id(token: str, inputs: _Inputs, session: "boto3.Session") -> str | None:
    """Return the import id of a resource, or None if it has to be created again.

    Args:
        token: the resource's type.
        inputs: its inputs; their names prove that it belongs to the stage.
        session: a session with the stage's profile and region.
    """
    if token in _BY_INPUTS:
        return _BY_INPUTS[token].format_map(inputs)
    search = _SEARCHES.get(token)
    return search(session, inputs) if search else None


def _find_user_pool(session: "boto3.Session", inputs: _Inputs) -> str | None:
    return _find_tagged(session, inputs, "cognito-idp:userpool", re.compile(r".*:userpool/(\S+)"))


def _find_api(session: "boto3.Session", inputs: _Inputs) -> str | None:
    return _find_tagged(session, inputs, "apigateway", re.compile(r".*::/apis/([^/]+)"))


def _find_tagged(
    session: "boto3.Session", inputs: _Inputs, kind: str, arn: re.Pattern[str]
) -> str | None:
    """Return the id of the resource with the same tags: its name is not unique."""
    filters = [{"Key": key, "Values": [value]} for key, value in inputs["tags"].items()]
    client: Any = session.client("resourcegroupstaggingapi")
    pages = client.get_paginator("get_resources").paginate(
        TagFilters=filters, ResourceTypeFilters=[kind]
    )
    arns = (each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"])
    return next((found[1] for each in arns if (found := arn.fullmatch(each))), None)


def _find_route(session: "boto3.Session", inputs: _Inputs) -> str | None:
    api = inputs["apiId"]
    pages = session.client("apigatewayv2").get_paginator("get_routes").paginate(ApiId=api)
    found = (each for page in pages for each in page["Items"])
    ids = (each.get("RouteId") for each in found if each["RouteKey"] == inputs["routeKey"])
    return next((f"{api}/{each}" for each in ids), None)


_SEARCHES: Final[dict[str, _Search]] = {
    "aws:apigatewayv2/api:Api": _find_api,
    "aws:apigatewayv2/route:Route": _find_route,
    "aws:cognito/userPool:UserPool": _find_user_pool,
}
