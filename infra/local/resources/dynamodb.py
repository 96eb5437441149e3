"""DynamoDB on the emulator."""

from typing import Any

from infra.local.clients import EmulatorClients
from infra.local.resources.base import Created, Inputs, Maker, key_values


def make_table(clients: EmulatorClients, inputs: Inputs) -> Created:
    """A table, with its TTL and point-in-time recovery as the program has them."""
    name, partition = inputs.take("name"), inputs.take("hashKey")
    clients.dynamodb.create_table(
        TableName=name,
        BillingMode=inputs.take("billingMode"),
        AttributeDefinitions=_attributes(inputs.take("attributes")),
        KeySchema=_key_schema(partition, inputs.take("rangeKey")),
        LocalSecondaryIndexes=[
            _local_index(partition, index) for index in inputs.take("localSecondaryIndexes")
        ],
        DeletionProtectionEnabled=inputs.take("deletionProtectionEnabled", default=False),
        Tags=key_values(inputs.take("tags", {})),
    )
    clients.dynamodb.get_waiter("table_exists").wait(TableName=name)
    _set_time_to_live(clients, name, inputs.take("ttl"))
    _set_recovery(clients, name, inputs.take("pointInTimeRecovery"))
    table = clients.dynamodb.describe_table(TableName=name)["Table"]
    return Created(name, {"arn": table.get("TableArn")})


def _attributes(attributes: list[dict[str, str]]) -> list[Any]:
    return [
        {"AttributeName": attribute["name"], "AttributeType": attribute["type"]}
        for attribute in attributes
    ]


def _local_index(partition: str, index: dict[str, Any]) -> Any:  # noqa: ANN401 - a request
    return {
        "IndexName": index["name"],
        "KeySchema": _key_schema(partition, index["rangeKey"]),
        "Projection": {"ProjectionType": index["projectionType"]},
    }


def _key_schema(partition: str, sort_key: str) -> list[Any]:
    keys = {"HASH": partition, "RANGE": sort_key}
    return [{"AttributeName": name, "KeyType": kind} for kind, name in keys.items()]


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
