"""API Gateway's HTTP APIs on the emulator."""

from typing import Any, cast

from portfolio.local.clients import EmulatorClients
from portfolio.local.emulator import ACCOUNT_ID
from portfolio.local.resources.base import (
    Changer,
    Created,
    Inputs,
    Known,
    Maker,
    Remover,
    pascal,
)


def make_api(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create an HTTP API without routes."""
    api = clients.api_gateway.create_api(
        Tags=inputs.take("tags", {}),
        **inputs.take_pascal(
            "corsConfiguration",
            "description",
            "disableExecuteApiEndpoint",
            "name",
            "protocolType",
        ),
    )
    identifier, region = api["ApiId"], clients.region
    return Created(
        identifier,
        {
            "apiEndpoint": api["ApiEndpoint"],
            "arn": f"arn:aws:apigateway:{region}::/apis/{identifier}",
            "executionArn": f"arn:aws:execute-api:{region}:{ACCOUNT_ID}:{identifier}",
        },
    )


def change_api(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
    """Change an HTTP API; its id and its routes stay."""
    known.refuse_changes(inputs, "protocolType")
    inputs.take("tags")
    clients.api_gateway.update_api(
        ApiId=known.id,
        **inputs.take_pascal(
            "corsConfiguration", "description", "disableExecuteApiEndpoint", "name"
        ),
    )
    return Created(known.id, known.outputs)


def change_stage(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
    """Change the settings of a stage."""
    known.refuse_changes(inputs, "apiId", "name")
    inputs.take("tags")
    clients.api_gateway.update_stage(
        ApiId=known.inputs["apiId"],
        StageName=known.id,
        RouteSettings=_by_route(inputs.take("routeSettings", [])),
        **inputs.take_pascal("accessLogSettings", "autoDeploy", "defaultRouteSettings"),
    )
    return Created(known.id, known.outputs)


def make_integration(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create an integration: the target of routes."""
    integration = clients.api_gateway.create_integration(
        **inputs.take_pascal(
            "apiId",
            "integrationMethod",
            "integrationType",
            "integrationUri",
            "payloadFormatVersion",
        ),
        **_renamed(inputs, timeoutMilliseconds="TimeoutInMillis"),
    )
    return Created(integration["IntegrationId"], {})


def make_authorizer(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a JWT authorizer."""
    jwt = inputs.take("jwtConfiguration")
    authorizer = clients.api_gateway.create_authorizer(
        JwtConfiguration={"Issuer": jwt["issuer"], "Audience": jwt["audiences"]},
        **inputs.take_pascal("apiId", "authorizerType", "name"),
        **_renamed(inputs, identitySources="IdentitySource"),
    )
    return Created(authorizer["AuthorizerId"], {})


def make_route(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a route."""
    route = clients.api_gateway.create_route(
        **inputs.take_pascal(
            "apiId",
            "authorizationScopes",
            "authorizationType",
            "authorizerId",
            "operationName",
            "routeKey",
            "target",
        )
    )
    return Created(route["RouteId"], {})


def make_stage(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a stage; it is deployed after each change of the API."""
    api, name = inputs.take("apiId"), inputs.take("name")
    clients.api_gateway.create_stage(
        ApiId=api,
        StageName=name,
        Tags=inputs.take("tags", {}),
        RouteSettings=_by_route(inputs.take("routeSettings", [])),
        **inputs.take_pascal("accessLogSettings", "autoDeploy", "defaultRouteSettings"),
    )
    region = clients.region
    return Created(
        name,
        {
            "arn": f"arn:aws:apigateway:{region}::/apis/{api}/stages/{name}",
            "executionArn": f"arn:aws:execute-api:{region}:{ACCOUNT_ID}:{api}/{name}",
            "invokeUrl": f"https://{api}.execute-api.{region}.amazonaws.com/",
        },
    )


def make_domain_name(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a custom domain without a mapping."""
    configuration = inputs.take("domainNameConfiguration")
    domain = clients.api_gateway.create_domain_name(
        DomainNameConfigurations=[cast("Any", pascal(configuration))],
        Tags=inputs.take("tags", {}),
        **inputs.take_pascal("domainName"),
    )
    return _describe_domain_name(clients, configuration, domain)


def change_domain_name(clients: EmulatorClients, inputs: Inputs, known: Known) -> Created:
    """Change the certificate of a custom domain; its mapping stays."""
    known.refuse_changes(inputs, "domainName")
    inputs.take("tags")
    configuration = inputs.take("domainNameConfiguration")
    domain = clients.api_gateway.update_domain_name(
        DomainName=known.id, DomainNameConfigurations=[cast("Any", pascal(configuration))]
    )
    return _describe_domain_name(clients, configuration, domain)


def _describe_domain_name(clients: EmulatorClients, configuration: Any, domain: Any) -> Created:  # noqa: ANN401 - JSON
    (made,) = domain["DomainNameConfigurations"]
    target = {
        "targetDomainName": made.get("ApiGatewayDomainName"),
        "hostedZoneId": made.get("HostedZoneId"),
    }
    name = domain["DomainName"]
    return Created(
        name,
        {
            "arn": f"arn:aws:apigateway:{clients.region}::/domainnames/{name}",
            "domainNameConfiguration": configuration | target,
        },
    )


def make_api_mapping(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Map a custom domain to an API."""
    mapping = clients.api_gateway.create_api_mapping(
        **inputs.take_pascal("apiId", "apiMappingKey", "domainName", "stage")
    )
    return Created(mapping.get("ApiMappingId", ""), {})


def _by_route(settings: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the settings of routes by route key, as in AWS's API."""
    return {
        each["routeKey"]: pascal({key: value for key, value in each.items() if key != "routeKey"})
        for each in settings
    }


def _renamed(inputs: Inputs, **names: str) -> dict[str, Any]:
    """Take inputs under AWS's names, if they are set."""
    values = {api_name: inputs.take(name) for name, api_name in names.items()}
    return {name: value for name, value in values.items() if value is not None}


MAKERS: dict[str, Maker] = {
    "aws:apigatewayv2/api:Api": make_api,
    "aws:apigatewayv2/integration:Integration": make_integration,
    "aws:apigatewayv2/authorizer:Authorizer": make_authorizer,
    "aws:apigatewayv2/route:Route": make_route,
    "aws:apigatewayv2/stage:Stage": make_stage,
    "aws:apigatewayv2/domainName:DomainName": make_domain_name,
    "aws:apigatewayv2/apiMapping:ApiMapping": make_api_mapping,
}

CHANGERS: dict[str, Changer] = {
    "aws:apigatewayv2/api:Api": change_api,
    "aws:apigatewayv2/domainName:DomainName": change_domain_name,
    "aws:apigatewayv2/stage:Stage": change_stage,
}
REMOVERS: dict[str, Remover] = {
    "aws:apigatewayv2/integration:Integration": lambda clients, known: (
        clients.api_gateway.delete_integration(ApiId=known.inputs["apiId"], IntegrationId=known.id)
    ),
    "aws:apigatewayv2/authorizer:Authorizer": lambda clients, known: (
        clients.api_gateway.delete_authorizer(ApiId=known.inputs["apiId"], AuthorizerId=known.id)
    ),
    "aws:apigatewayv2/route:Route": lambda clients, known: clients.api_gateway.delete_route(
        ApiId=known.inputs["apiId"], RouteId=known.id
    ),
    "aws:apigatewayv2/domainName:DomainName": lambda clients, known: (
        clients.api_gateway.delete_domain_name(DomainName=known.id)
    ),
    "aws:apigatewayv2/apiMapping:ApiMapping": lambda clients, known: (
        clients.api_gateway.delete_api_mapping(
            ApiMappingId=known.id, DomainName=known.inputs["domainName"]
        )
    ),
}
