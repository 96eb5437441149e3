"""Existing DNS records for the stage's domain."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from portfolio.adoption.outcomes import Existing, Subject

if TYPE_CHECKING:
    from types_boto3_route53 import Route53Client

    from infra.settings import StageSettings


def find_addresses(
    client: "Route53Client", settings: "StageSettings", name: str
) -> Iterator[Subject]:
    """Return the A, AAAA and CNAME records of the domain.

    AWS refuses A and AAAA records for a name with a CNAME record.

    Args:
        client: a client for Route 53.
        settings: the settings of a stage with a domain.
        name: the domain's name.
    """
    zone = f"{settings.hosted_zone}."
    zones: Any = client.list_hosted_zones_by_name(DNSName=zone)["HostedZones"]
    for found in zones:
        # The program also takes the public zone with this name.
        if found["Name"] == zone and not found["Config"]["PrivateZone"]:
            yield from _find_records(client, settings, found["Id"], name)


def _find_records(
    client: "Route53Client", settings: "StageSettings", zone: str, name: str
) -> Iterator[Subject]:
    records: Any = client.list_resource_record_sets(HostedZoneId=zone, StartRecordName=name)
    for record in records["ResourceRecordSets"]:
        kind = record["Type"]
        if record["Name"] == f"{name}." and kind in ("A", "AAAA", "CNAME"):
            yield Subject(
                kind="DNS record",
                resource=f"aws:route53/record:Record::domain-{kind}",
                name=f"{name} {kind}",
                setting="adoptDomain",
                adopted=settings.adopt_domain is not None,
                existing=_describe_alias(name, record)
                if kind == "CNAME"
                else Existing(id=name, changes=["overwritten"]),
            )


def _describe_alias(name: str, record: dict[str, Any]) -> Existing:
    target = ", ".join(each["Value"] for each in record.get("ResourceRecords", []))
    obstacle = (
        f"it points to {target}, and AWS refuses the program's A and AAAA records for its name. "
        "Replace it by an A record that is an alias of the same target. Do both in one change "
        "batch (aws route53 change-resource-record-sets), so that the domain always answers"
    )
    return Existing(id=name, obstacles=[obstacle])
