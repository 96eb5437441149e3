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
    "aws:apigatewayv2/api:Api": ResourceType(compute=_api),
    "aws:apigatewayv2/stage:Stage": ResourceType(identify=named_by("name"), compute=_stage),
    "aws:apigatewayv2/domainName:DomainName": ResourceType(
        identify=named_by("domainName"),
        compute=_domain_name,
        unique=("domainName",),
    ),
    "aws:apigatewayv2/apiMapping:ApiMapping": ResourceType(
        unique=("domainName",),
        imported_id=lambda name: name.partition("/")[0],
    ),
    "aws:acm/certificate:Certificate": ResourceType(
        identify=lambda facts: facts.arn("acm", f"certificate/{facts.id}"),
        compute=_certificate,
    ),
    "aws:route53/record:Record": ResourceType(
        identify=named_by("zoneId", "name", "type", separator="_"),
        compute=lambda facts: {"fqdn": facts.inputs["name"].rstrip(".")},
        unique=("name", "type"),
        is_overwriting=lambda inputs: bool(inputs.get("allowOverwrite")),
    ),
}
