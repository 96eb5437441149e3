"""A stage's own domain: its certificate, its addresses, and what it takes the place of."""

import pytest

from src import SITE
from tests.infra.recording_engine import Provider, Recorder
from tests.infra.registration import Registration, register

API = "aws:apigatewayv2/api:Api"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
RECORD = "aws:route53/record:Record"
DOMAIN = "aws:apigatewayv2/domainName:DomainName"
MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping"
NAME = f"api.{SITE}"


@pytest.fixture(scope="module")
def production() -> Registration:
    return register("prod", preview=False)


@pytest.fixture(scope="module")
def development() -> Registration:
    return register("dev", preview=False)


def test_the_certificate_is_validated_in_the_hosted_zone(production: Registration) -> None:
    certificate = production.only(CERTIFICATE).inputs
    assert (certificate["domainName"], certificate["validationMethod"]) == (NAME, "DNS")
    (proof,) = [each for each in production.of_type(RECORD) if each.name == "domain-validation"]
    assert proof.inputs == {
        "zoneId": f"zone of {SITE}",
        "name": f"_proof.api.{SITE}.",
        "type": "CNAME",
        "records": ["_value.acm-validations.aws."],
        "ttl": 300,
        "allowOverwrite": True,
    }
    assert production.only(VALIDATION).inputs["validationRecordFqdns"] == [f"_proof.{NAME}"]


def test_the_certificate_is_used_once_it_is_issued(production: Registration) -> None:
    validation, domain = production.only(VALIDATION), production.only(DOMAIN)
    configuration = domain.inputs["domainNameConfiguration"]
    assert configuration["certificateArn"] == validation.inputs["certificateArn"]
    assert validation.urn in domain.dependencies
    assert production.only(CERTIFICATE).urn not in domain.dependencies


def test_the_wait_for_the_certificate_ends_well_within_the_deploy_roles_hour(
    production: Registration,
) -> None:
    assert production.only(VALIDATION).create_timeout == "20m"


def test_only_tls_1_2_and_up_is_spoken(production: Registration) -> None:
    configuration = production.only(DOMAIN).inputs["domainNameConfiguration"]
    assert configuration["securityPolicy"] == "TLS_1_2"
    assert configuration["endpointType"] == "REGIONAL"


def test_the_domain_leads_to_the_gateway_on_ipv4_and_ipv6(production: Registration) -> None:
    aliases = [each.inputs for each in production.of_type(RECORD) if each.inputs["name"] == NAME]
    assert {each["type"] for each in aliases} == {"A", "AAAA"}
    assert {each["zoneId"] for each in aliases} == {f"zone of {SITE}"}
    for alias in aliases:
        (target,) = alias["aliases"]
        assert target["name"] == "d-abc.execute-api.us-east-1.amazonaws.com"
        assert target["zoneId"] == "Z1UJRXOUMOOFQ8"
        # Another's record of this name is not taken over in silence.
        assert "allowOverwrite" not in alias
    configuration = production.only(DOMAIN).inputs["domainNameConfiguration"]
    assert configuration["ipAddressType"] == "dualstack"


def test_the_api_is_at_the_domains_root(production: Registration) -> None:
    mapping = production.only(MAPPING)
    assert mapping.inputs == {"apiId": "api-id", "domainName": "domain-id", "stage": "api-id"}
    assert production.only("aws:apigatewayv2/stage:Stage").urn in mapping.dependencies


def test_the_domain_is_the_only_way_in(production: Registration) -> None:
    assert production.only(API).inputs["disableExecuteApiEndpoint"] is True
    assert production.outputs["api_url"] == f"https://{NAME}"


@pytest.mark.parametrize("preview", [True, False])
def test_the_zone_is_asked_for_by_name_and_as_the_stage(*, preview: bool) -> None:
    recorder = Recorder(Provider(), preview=preview)
    register("prod", preview=preview, recorder=recorder)
    (call,) = recorder.provider.calls
    assert call.args == {"name": SITE, "privateZone": False}
    assert "pulumi:providers:aws::aws::" in call.provider


def test_without_a_domain_the_gateways_own_address_stays(development: Registration) -> None:
    types = {each.type for each in development.resources}
    assert not types & {CERTIFICATE, VALIDATION, RECORD, DOMAIN, MAPPING}
    assert development.only(API).inputs["disableExecuteApiEndpoint"] is False
    assert development.outputs["api_url"].startswith("https://abc123.execute-api.")
