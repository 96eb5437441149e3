"""Route 53 on the emulator."""

from typing import Any

from infra.errors import LocalStageError
from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import (
    Created,
    Function,
    Inputs,
    Known,
    Maker,
    Properties,
    Remover,
)


def find_zone(clients: EmulatorClients, inputs: Inputs) -> Properties:
    """Find a public hosted zone by its name.

    Raises:
        LocalStageError: if the emulator has no zone of this name.
    """
    name = inputs.take("name").rstrip(".")
    inputs.take("privateZone")
    zones = clients.route53.list_hosted_zones_by_name(DNSName=name)["HostedZones"]
    for zone in zones:
        if zone["Name"].rstrip(".") == name:
            return {"zoneId": zone["Id"].rpartition("/")[2], "arn": zone["Id"], "name": name}
    raise LocalStageError(f"The emulator has no hosted zone {name}.")


def make_record(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a record, or an alias of one of AWS's own names."""
    zone, name, kind = inputs.take("zoneId"), inputs.take("name"), inputs.take("type")
    record: Any = {"Name": name, "Type": kind, **_target(inputs)}
    action = "UPSERT" if inputs.take("allowOverwrite", default=False) else "CREATE"
    clients.route53.change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
    )
    return Created(f"{zone}_{name}_{kind}", {"fqdn": name.rstrip(".")})


def remove_record(clients: EmulatorClients, known: Known) -> None:
    """Delete a record."""
    inputs = Inputs(known.inputs)
    record: Any = {**inputs.take_pascal("name", "type"), **_target(inputs)}
    clients.route53.change_resource_record_sets(
        HostedZoneId=inputs.take("zoneId"),
        ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]},
    )


def _target(inputs: Inputs) -> Properties:
    if not (aliases := inputs.take("aliases")):
        values = [{"Value": value} for value in inputs.take("records")]
        return {"TTL": inputs.take("ttl"), "ResourceRecords": values}
    (alias,) = aliases
    return {
        "AliasTarget": {
            "HostedZoneId": alias["zoneId"],
            "DNSName": alias["name"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
    }


MAKERS: dict[str, Maker] = {"aws:route53/record:Record": make_record}
FUNCTIONS: dict[str, Function] = {"aws:route53/getZone:getZone": find_zone}
REMOVERS: dict[str, Remover] = {"aws:route53/record:Record": remove_record}
