"""`portfolio adopt --check`: the edge domain of a REST API on its way to ours."""

import shlex
from typing import TYPE_CHECKING, Any

import pytest

from infra.paths import PROJECT
from infra.settings import parse_settings
from infra.settings.files import stage_config
from portfolio.adoption.domain import DomainClients, find_domain
from portfolio.adoption.outcomes import judge
from tests.adoption.sam_resources import DOMAIN, TAGS, SamAccount

if TYPE_CHECKING:
    from types_boto3_apigatewayv2 import ApiGatewayV2Client

    from infra.settings import StageSettings
    from portfolio.adoption.outcomes import Finding

WANTED: Any = {
    "domainName": DOMAIN,
    "domainNameConfiguration": {"endpointType": "REGIONAL", "securityPolicy": "TLS_1_2"},
    "tags": TAGS,
}


def settings_with(**own: str) -> "StageSettings":
    added = {f"{PROJECT}:{key}": value for key, value in own.items()}
    return parse_settings(stage_config("prod") | added, "prod")


def find(account: SamAccount, **own: str) -> dict[str, "Finding"]:
    """Return the findings about the domain, by kind."""
    clients = DomainClients(
        gateway=account.client("apigatewayv2"),
        rest_gateway=account.client("apigateway"),
        certificates=account.client("acm"),
        dns=account.client("route53"),
    )
    found = [judge(each, {}) for each in find_domain(clients, settings_with(**own), WANTED)]
    return {each.subject.kind: each for each in found}


def patches(text: str) -> list[str]:
    """Return the patch operations of the command in a finding."""
    return shlex.split(text.partition("--patch-operations ")[2])


def test_an_edge_domain_first_gets_a_regional_endpoint(account: SamAccount) -> None:
    certificate = account.make_certificate()
    account.make_edge_domain(certificate)
    found = find(account)
    domain = found["custom domain name"]
    assert domain.outcome == "stop"
    assert "it is an edge domain, and an HTTP API needs a regional one" in domain.text
    assert f"aws apigateway update-domain-name --domain-name {DOMAIN} " in domain.text
    assert patches(domain.text) == [
        "op=add,path=/endpointConfiguration/types,value=REGIONAL",
        f"op=add,path=/regionalCertificateArn,value={certificate}",
    ]
    # The V2 API refuses calls about its mappings.
    assert "API mapping" not in found


@pytest.mark.parametrize("adopted", [True, False])
def test_another_region_needs_a_certificate_of_its_own(
    account: SamAccount, *, adopted: bool
) -> None:
    account.make_edge_domain("arn:aws:acm:eu-west-1:222222222222:certificate/1", policy="TLS_1_0")
    certificate = account.make_certificate()
    own = {"adoptCertificate": certificate} if adopted else {}
    named = certificate if adopted else "CERTIFICATE_ARN"
    assert patches(find(account, **own)["custom domain name"].text)[1:] == [
        f"op=add,path=/regionalCertificateArn,value={named}",
        "op=replace,path=/securityPolicy,value=TLS_1_2",
    ]


def test_with_both_endpoints_the_edge_goes_after_dns_has_moved(account: SamAccount) -> None:
    account.make_edge_domain(account.make_certificate(), "EDGE", "REGIONAL")
    text = find(account)["custom domain name"].text
    described = account.client("apigateway").get_domain_name(domainName=DOMAIN)
    assert f"Point its DNS records to {described['regionalDomainName']} (zone Z" in text
    assert patches(text) == [
        "op=remove,path=/endpointConfiguration/types,value=EDGE",
        "op=remove,path=/certificateArn",
    ]


def test_the_base_path_mapping_moves_to_our_api_and_back(account: SamAccount) -> None:
    certificate = account.make_certificate()
    old = account.make_edge_domain(certificate)
    account.make_domain_regional(certificate)
    api = account.make_api(**TAGS)
    mapping = find(account)["API mapping"]
    assert f"it points to the API {old} (stage production), not to the stage's own" in mapping.text
    command = shlex.split(mapping.text.partition("Move it first: aws apigatewayv2 ")[2])
    names, values = command[1::2], command[2::2]
    assert names == ["--api-mapping-id", "--domain-name", "--api-id", "--stage"]
    assert values == [mapping.subject.name, DOMAIN, api, "$default"]

    move(account, mapping.subject.name, api, "$default")
    found = find(account, adoptDomain=DOMAIN, adoptApiMapping=mapping.subject.name)
    assert found["API mapping"].outcome == "adopt"
    assert found["custom domain name"].outcome == "change"
    move(account, mapping.subject.name, old, "production")
    assert find(account)["API mapping"].outcome == "stop"


def move(account: SamAccount, mapping: str, api: str, stage: str) -> None:
    gateway: ApiGatewayV2Client = account.client("apigatewayv2")
    gateway.update_api_mapping(ApiMappingId=mapping, DomainName=DOMAIN, ApiId=api, Stage=stage)
