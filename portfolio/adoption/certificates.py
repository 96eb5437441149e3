"""Existing certificates for the stage's domain."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import are_ours, find_changes, read_tags

if TYPE_CHECKING:
    from types_boto3_acm import ACMClient
    from types_boto3_acm.literals import KeyAlgorithmType

    from infra.settings import StageSettings

_KEY_TYPES: Final[Sequence["KeyAlgorithmType"]] = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)
"""Every key type. By default, ACM lists only certificates with the first two."""


def find_certificates(
    client: "ACMClient", settings: "StageSettings", name: str
) -> Iterator[Subject]:
    """Return the stage's adopted certificate, or every candidate.

    Args:
        client: a client for ACM.
        settings: the stage's settings.
        name: the domain's name.
    """
    adopted = settings.adopt_certificate
    pages = client.get_paginator("list_certificates").paginate(
        CertificateStatuses=["ISSUED"], Includes={"keyTypes": _KEY_TYPES}
    )
    found = [
        each.get("CertificateArn", "")
        for page in pages
        for each in page["CertificateSummaryList"]
        if each.get("DomainName") == name or each.get("CertificateArn") == adopted
    ]
    for arn in [each for each in found if adopted in (None, each)] or [""]:
        yield Subject(
            kind="certificate",
            resource="aws:acm/certificate:Certificate::domain",
            name=arn or adopted or name,
            setting="adoptCertificate",
            adopted=adopted,
            existing=_describe(client, settings, name, arn) if arn else None,
            is_unique=False,
        )


def _describe(client: "ACMClient", settings: "StageSettings", name: str, arn: str) -> Existing:
    found: Any = client.describe_certificate(CertificateArn=arn)["Certificate"]
    answer = client.list_tags_for_certificate(CertificateArn=arn)
    tags = read_tags(answer.get("Tags", []))
    methods = {each.get("ValidationMethod", "DNS") for each in found["DomainValidationOptions"]}
    return Existing(
        id=arn,
        is_ours=are_ours(tags, settings),
        changes=find_changes({"tags": tags}, {"tags": settings.tags}, "tags"),
        obstacles=[
            *([f"its domain is {found['DomainName']}"] if found["DomainName"] != name else []),
            *(["it is validated by e-mail, not by DNS"] if methods != {"DNS"} else []),
        ],
    )
