"""DynamoDB on the emulator."""

from typing import Any

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker, key_values, pascal


def make_table(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a table, with the program's TTL and point-in-time recovery."""
    name = inputs.take("name")
    clients.dynamodb.create_table(
        TableName=name,
        BillingMode=inputs.take("billingMode"),
        AttributeDefinitions=_attributes(inputs.take("attributes")),
        KeySchema=[
            {"AttributeName": inputs.take("hashKey"), "KeyType": "HASH"},
            {"AttributeName": inputs.take("rangeKey"), "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[_index(each) for each in inputs.take("globalSecondaryIndexes")],
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
