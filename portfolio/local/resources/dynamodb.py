"""DynamoDB on the emulator."""

from typing import Any

from infra.errors import LocalStageError
from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import (
    Changer,
    Created,
    Inputs,
    Maker,
    again,
    key_values,
    pascal,
)


def make_table(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a table, or change a kept one, with the program's TTL and point-in-time recovery."""
    name = inputs.take("name")
    _create_or_change(
        clients,
        {
            "TableName": name,
            "BillingMode": inputs.take("billingMode"),
            "AttributeDefinitions": _attributes(inputs.take("attributes")),
            "KeySchema": [
                {"AttributeName": inputs.take("hashKey"), "KeyType": "HASH"},
                {"AttributeName": inputs.take("rangeKey"), "KeyType": "RANGE"},
            ],
            "GlobalSecondaryIndexes": list(map(_index, inputs.take("globalSecondaryIndexes"))),
            "DeletionProtectionEnabled": inputs.take("deletionProtectionEnabled", default=False),
            "Tags": key_values(inputs.take("tags", {})),
        },
    )
    clients.dynamodb.get_waiter("table_exists").wait(TableName=name)
    _set_time_to_live(clients, name, inputs.take("ttl"))
    _set_recovery(clients, name, inputs.take("pointInTimeRecovery"))
    table = clients.dynamodb.describe_table(TableName=name)["Table"]
    return Created(name, {"arn": table.get("TableArn")})


def _create_or_change(clients: EmulatorClients, wanted: dict[str, Any]) -> None:
    try:
        clients.dynamodb.create_table(**wanted)
    except clients.dynamodb.exceptions.ResourceInUseException:
        _change(clients, wanted)


def _change(clients: EmulatorClients, wanted: dict[str, Any]) -> None:
    """Give a table of an earlier start the program's indexes and settings; its items stay."""
    name, client = wanted["TableName"], clients.dynamodb
    table: dict[str, Any] = dict(client.describe_table(TableName=name)["Table"])
    if table["KeySchema"] != wanted["KeySchema"]:
        raise LocalStageError(
            f"The kept table {name} has other keys than the program's: "
            "start without --keep, or delete the folder .kept to begin with an empty table."
        )
    old = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}
    new = {index["IndexName"]: index for index in wanted["GlobalSecondaryIndexes"]}
    same = {each for each in new if each in old and new[each].items() <= old[each].items()}
    changes: list[Any] = [
        *({"Delete": {"IndexName": each}} for each in old if each not in same),
        *({"Create": new[each]} for each in new if each not in same),
    ]
    for change in changes:
        client.update_table(
            TableName=name,
            AttributeDefinitions=wanted["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[change],
        )
    protected = wanted["DeletionProtectionEnabled"]
    client.update_table(TableName=name, DeletionProtectionEnabled=protected)
    client.tag_resource(ResourceArn=table["TableArn"], Tags=wanted["Tags"])


def _attributes(attributes: list[dict[str, str]]) -> list[Any]:
    return [
        {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
        for attribute in attributes
    ]


def _index(index: dict[str, Any]) -> Any:  # noqa: ANN401 - a request
    return {
        "IndexName": index["name"],
        "KeySchema": [pascal(key) for key in index["keySchemas"]],
        "Projection": {"ProjectionType": index["projectionType"]},
    }


def _set_time_to_live(clients: EmulatorClients, table: str, ttl: dict[str, Any] | None) -> None:
    if ttl:
        clients.dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={
                "AttributeName": ttl["attributeName"],
                "Enabled": ttl["enabled"],
            },
        )


def _set_recovery(clients: EmulatorClients, table: str, recovery: dict[str, Any] | None) -> None:
    if recovery:
        clients.dynamodb.update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": recovery["enabled"]},
        )


MAKERS: dict[str, Maker] = {"aws:dynamodb/table:Table": make_table}
CHANGERS: dict[str, Changer] = {
    "aws:dynamodb/table:Table": again(make_table, "name", "hashKey", "rangeKey", "billingMode")
}
