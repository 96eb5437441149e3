"""The resource types of API Gateway and of a domain: certificate and DNS records."""

from typing import Final

from tests.real.engine.stand_in.resource_type import Facts, Properties, ResourceType, named_by


def _api(facts: Facts) -> Properties:
    return {
        "arn": f"arn:aws:apigateway:{facts.region}::/apis/{facts.id}",
        "apiEndpoint": f"https://{facts.id}.execute-api.{facts.region}.amazonaws.com",
        "executionArn": facts.arn("execute-api", facts.id),
    }


def _stage(facts: Facts) -> Properties:
    api = facts.inputs["apiId"]
    return {
        "arn": f"arn:aws:apigateway:{facts.region}::/apis/{api}/stages/{facts.id}",
        "executionArn": facts.arn("execute-api", f"{api}/{facts.id}"),
        "invokeUrl": f"https://{api}.execute-api.{facts.region}.amazonaws.com/",
    }


def _domain_name(facts: Facts) -> Properties:
    return {
        "arn": f"arn:aws:apigateway:{facts.region}::/domainnames/{facts.id}",
        "domainNameConfiguration": {
            **facts.inputs["domainNameConfiguration"],
            "targetDomainName": f"d-target.execute-api.{facts.region}.amazonaws.com",
            "hostedZoneId": "Z1UJRXOUMOOFQ8",
        },
    }


def _certificate(facts: Facts) -> Properties:
    domain = facts.inputs["domainName"]
    option = {
        "domainName": domain,
        "resourceRecordName": f"_validation.{domain}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": "_value.acm-validations.aws.",
    }
    return {"arn": facts.id, "domainValidationOptions": [option]}


GATEWAY_TYPES: Final = {
    "aws:apigatewayv2/api:Api": ResourceType(compute=_api, replaced_by=frozenset({"protocolType"})),
    "aws:apigatewayv2/integration:Integration": ResourceType(
        replaced_by=frozenset({"apiId", "integrationType"})
    ),
    "aws:apigatewayv2/authorizer:Authorizer": ResourceType(replaced_by=frozenset({"apiId"})),
    "aws:apigatewayv2/route:Route": ResourceType(replaced_by=frozenset({"apiId"})),
    "aws:apigatewayv2/stage:Stage": ResourceType(
        identify=named_by("name"), compute=_stage, replaced_by=frozenset({"apiId", "name"})
    ),
    "aws:apigatewayv2/domainName:DomainName": ResourceType(
        identify=named_by("domainName"),
        compute=_domain_name,
        replaced_by=frozenset({"domainName"}),
        unique=("domainName",),
    ),
    "aws:apigatewayv2/apiMapping:ApiMapping": ResourceType(
        replaced_by=frozenset({"apiId", "domainName"}),
        unique=("domainName",),
        imported_id=lambda name: name.partition("/")[0],
    ),
    "aws:acm/certificate:Certificate": ResourceType(
        identify=lambda facts: facts.arn("acm", f"certificate/{facts.id}"),
        compute=_certificate,
        replaced_by=frozenset({"domainName", "subjectAlternativeNames", "validationMethod"}),
    ),
    "aws:acm/certificateValidation:CertificateValidation": ResourceType(replaced_by=None),
    "aws:route53/record:Record": ResourceType(
        identify=named_by("zoneId", "name", "type", separator="_"),
        compute=lambda facts: {"fqdn": facts.inputs["name"].rstrip(".")},
        replaced_by=frozenset({"zoneId", "name", "type"}),
        unique=("name", "type"),
        is_overwriting=lambda inputs: bool(inputs.get("allowOverwrite")),
    ),
}
