"""The way of an edge-optimized custom domain to a regional one, without an interruption.

An HTTP API needs a regional domain, and API Gateway's V2 API refuses calls about an edge domain. A
domain may have both endpoints for a while (API Gateway Developer Guide, "Migrate a custom domain
name to a different API endpoint type"). The existing mapping serves both of them.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties

_TYPES: Final = "path=/endpointConfiguration/types"
_STEP: Final = "step 6 in docs/moving-from-sam.md"
_TLS: Final = "TLS_1_2"
"""The only minimum that an HTTP API accepts."""


def find_edge_obstacles(settings: "StageSettings", domain: "Properties") -> list[str]:
    """Return the reason against a domain with an edge endpoint, with the next step.

    Args:
        settings: the stage's settings.
        domain: the description of the domain by API Gateway's V1 API.
    """
    types: list[str] = domain["endpointConfiguration"]["types"]
    if "EDGE" not in types:
        return []
    return [_tell_removal(domain) if "REGIONAL" in types else _tell_addition(settings, domain)]


def _tell_addition(settings: "StageSettings", domain: "Properties") -> str:
    operations = [f"op=add,{_TYPES},value=REGIONAL", _certificate_operation(settings, domain)]
    if domain.get("securityPolicy") != _TLS:
        operations.append(f"op=replace,path=/securityPolicy,value={_TLS}")
    return (
        "it is an edge domain, and an HTTP API needs a regional one. Add a regional endpoint "
        f"({_STEP}): {_update(domain, operations)}"
    )


def _tell_removal(domain: "Properties") -> str:
    operations = [f"op=remove,{_TYPES},value=EDGE", "op=remove,path=/certificateArn"]
    return (
        "it still has an edge endpoint. Point its DNS records to "
        f"{domain['regionalDomainName']} (zone {domain['regionalHostedZoneId']}), and wait for the "
        f"DNS answers ({_STEP}). Then remove the edge endpoint: {_update(domain, operations)}"
    )


def _certificate_operation(settings: "StageSettings", domain: "Properties") -> str:
    """Return the operation for the regional certificate: the edge's own, if the region fits."""
    edge: str = domain.get("certificateArn") or ""
    fits = f":acm:{settings.region}:" in edge
    certificate = settings.adopt_certificate or (edge if fits else "CERTIFICATE_ARN")
    return f"op=add,path=/regionalCertificateArn,value={certificate}"


def _update(domain: "Properties", operations: list[str]) -> str:
    return (
        f"aws apigateway update-domain-name --domain-name {domain['domainName']} "
        f"--patch-operations {' '.join(operations)}"
    )
