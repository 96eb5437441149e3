"""The table that is there."""

from typing import TYPE_CHECKING, Any

from infra.adoption.comparison import are_ours, camel, find_changes
from infra.adoption.finding import Existing, Subject

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from infra.adoption.comparison import Properties
    from infra.settings import StageSettings

type _Json = dict[str, Any]


def find_table(
    client: "DynamoDBClient", settings: "StageSettings", wanted: "Properties"
) -> Subject:
    """The stage's table.

    Args:
        client: for DynamoDB.
        settings: of the stage.
        wanted: the table's inputs in the program.
    """
    name: str = wanted["name"]
    try:
        table: Any = client.describe_table(TableName=name)["Table"]
    except client.exceptions.ResourceNotFoundException:
        existing = None
    else:
        existing = _describe(client, settings, wanted, table)
    return Subject(
        kind="table",
        resource="aws:dynamodb/table:Table::table",
        name=name,
        setting="adoptTable",
        adopted=settings.adopt_table,
        existing=existing,
    )


def _describe(
    client: "DynamoDBClient", settings: "StageSettings", wanted: "Properties", table: _Json
) -> Existing:
    name: str = table["TableName"]
    tags = {
        tag["Key"]: tag["Value"]
        for tag in client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    }
    found = {
        "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "deletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
        "globalSecondaryIndexes": [
            _index(each["IndexName"], each["KeySchema"])
            for each in table.get("GlobalSecondaryIndexes", [])
        ],
        "pointInTimeRecovery": {"enabled": _is_recoverable(client, name)},
        "tags": tags,
        "ttl": _time_to_live(client, name),
    }
    indexes = [
        _index(each["name"], [*map(_pascal_key, each["keySchemas"])])
        for each in wanted["globalSecondaryIndexes"]
    ]
    changes = find_changes(found, {**wanted, "globalSecondaryIndexes": indexes}, *found)
    return Existing(
        id=name,
        is_ours=are_ours(tags, settings),
        changes=changes,
        obstacles=_obstacles(table, wanted),
    )


def _obstacles(table: _Json, wanted: "Properties") -> list[str]:
    """What DynamoDB decides when a table is made."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    keys = [f"{key['AttributeName']} ({types[key['AttributeName']]})" for key in table["KeySchema"]]
    ours = [f"{wanted['hashKey']} (S)", f"{wanted['rangeKey']} (S)"]
    local = [each["IndexName"] for each in table.get("LocalSecondaryIndexes", [])]
    return [
        *([f"its keys are {', '.join(keys)}, not {', '.join(ours)}"] if keys != ours else []),
        *(f"its local index {name} is one that the program does not have" for name in local),
    ]


def _index(name: str, keys: list[_Json]) -> str:
    return f"{name} ({', '.join(key['AttributeName'] for key in keys)})"


def _pascal_key(key: _Json) -> _Json:
    return {"AttributeName": key["attributeName"], "KeyType": key["keyType"]}


def _is_recoverable(client: "DynamoDBClient", table: str) -> bool:
    backups = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    return recovery.get("PointInTimeRecoveryStatus") == "ENABLED"


def _time_to_live(client: "DynamoDBClient", table: str) -> _Json:
    answer = camel(client.describe_time_to_live(TableName=table)["TimeToLiveDescription"])
    return {
        "attributeName": answer.get("attributeName"),
        "enabled": answer.get("timeToLiveStatus") in ("ENABLED", "ENABLING"),
    }
