"""The existing custom domain: its name, API mapping, certificate and DNS records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portfolio.adoption.certificates import find_certificates
from portfolio.adoption.dns_records import find_addresses
from portfolio.adoption.edge_domain import find_edge_obstacles
from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import are_ours, camel, find_changes

if TYPE_CHECKING:
    from types_boto3_acm import ACMClient
    from types_boto3_apigatewayv2 import ApiGatewayV2Client
    from types_boto3_route53 import Route53Client

    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties


@dataclass(frozen=True)
class DomainClients:
    """Clients for the services of a domain."""

    gateway: "ApiGatewayV2Client"
    rest_gateway: Any
    """The client of the V1 API: the only one for domains with an edge endpoint."""

    certificates: "ACMClient"
    dns: "Route53Client"


def find_domain(
    clients: DomainClients, settings: "StageSettings", wanted: "Properties"
) -> Iterator[Subject]:
    """Return the resources of the stage's domain.

    Args:
        clients: clients for the services.
        settings: the settings of a stage with a domain.
        wanted: the domain name's inputs in the program.
    """
    name: str = wanted["domainName"]
    yield from find_certificates(clients.certificates, settings, name)
    domain = _find_domain_name(clients, settings, wanted)
    yield Subject(
        kind="custom domain name",
        resource="aws:apigatewayv2/domainName:DomainName::domain",
        name=name,
        setting="adoptDomain",
        adopted=settings.adopt_domain,
        existing=domain,
    )
    if domain and not domain.obstacles:
        yield _find_mapping(clients.gateway, settings, domain)
    yield from find_addresses(clients.dns, settings, name)


def _find_domain_name(
    clients: DomainClients, settings: "StageSettings", wanted: "Properties"
) -> Existing | None:
    name: str = wanted["domainName"]
    try:
        found = clients.rest_gateway.get_domain_name(domainName=name)
    except clients.rest_gateway.exceptions.NotFoundException:
        return None
    obstacles = find_edge_obstacles(settings, found)
    if obstacles:
        return Existing(id=name, obstacles=obstacles)
    return _describe_domain_name(clients.gateway, settings, wanted)


def _describe_domain_name(
    client: "ApiGatewayV2Client", settings: "StageSettings", wanted: "Properties"
) -> Existing:
    name: str = wanted["domainName"]
    answer: Any = client.get_domain_name(DomainName=name)
    tags = answer.get("Tags", {})
    found = {
        "domainNameConfiguration": camel(answer["DomainNameConfigurations"][0]),
        "tags": tags,
    }
    # A new certificate has an unknown ARN.
    certificate = settings.adopt_certificate or "a new one"
    configuration = {**wanted["domainNameConfiguration"], "certificateArn": certificate}
    changes = find_changes(found["domainNameConfiguration"], configuration, *sorted(configuration))
    changes += find_changes(found, wanted, "tags")
    return Existing(id=name, is_ours=are_ours(tags, settings), changes=changes)


def _find_mapping(
    client: "ApiGatewayV2Client", settings: "StageSettings", domain: Existing
) -> Subject:
    mappings: Any = client.get_api_mappings(DomainName=domain.id)["Items"]
    found = next((each for each in mappings if not each.get("ApiMappingKey")), None)
    return Subject(
        kind="API mapping",
        resource="aws:apigatewayv2/apiMapping:ApiMapping::domain",
        name=found["ApiMappingId"] if found else f"{domain.id}/",
        setting="adoptApiMapping",
        adopted=settings.adopt_api_mapping,
        existing=_describe_mapping(client, settings, domain, found) if found else None,
    )


def _describe_mapping(
    client: "ApiGatewayV2Client",
    settings: "StageSettings",
    domain: Existing,
    found: Any,  # noqa: ANN401
) -> Existing:
    pages = client.get_paginator("get_apis").paginate()
    own = [
        each.get("ApiId")
        for page in pages
        for each in page["Items"]
        if are_ours(each.get("Tags", {}), settings)
    ]
    move = (
        f"aws apigatewayv2 update-api-mapping --api-mapping-id {found['ApiMappingId']} "
        f"--domain-name {domain.id} --api-id {own[0] if own else 'ID'} --stage '$default'"
    )
    obstacle = (
        f"it points to the API {found['ApiId']} (stage {found['Stage']}), not to the stage's own. "
        f"Move it first: {move}"
    )
    return Existing(
        id=found["ApiMappingId"],
        is_ours=domain.is_ours,
        obstacles=[] if found["ApiId"] in own else [obstacle],
    )
