"""The existing DynamoDB table."""

from typing import TYPE_CHECKING, Any

from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import are_ours, find_changes, read_tags
from portfolio.adoption.table_expiry import find_expiry_obstacles, read_time_to_live
from portfolio.adoption.table_indexes import describe_indexes, describe_wanted_indexes

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties

type _Json = dict[str, Any]


def find_table(
    client: "DynamoDBClient", settings: "StageSettings", wanted: "Properties"
) -> Subject:
    """Return the stage's table.

    Args:
        client: a client for DynamoDB.
        settings: the stage's settings.
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
    tags = read_tags(client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"])
    expiry: _Json = {**client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]}
    indexes, wanted_indexes = describe_indexes(table), describe_wanted_indexes(wanted)
    found = {
        "billingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "deletionProtectionEnabled": table.get("DeletionProtectionEnabled", False),
        "globalSecondaryIndexes": [*indexes.values()],
        "pointInTimeRecovery": {"enabled": _is_recoverable(client, name)},
        "tags": tags,
        "ttl": read_time_to_live(expiry),
    }
    ours = {**wanted, "globalSecondaryIndexes": [*wanted_indexes.values()]}
    return Existing(
        id=name,
        is_ours=are_ours(tags, settings),
        changes=find_changes(found, ours, *found),
        losses=[
            *(f"its index {each}" for each in indexes if each not in wanted_indexes),
            *_losses(table, wanted),
        ],
        obstacles=[
            *_obstacles(table, wanted),
            *find_expiry_obstacles(name, expiry, wanted["ttl"]["attributeName"]),
        ],
    )


def _losses(table: _Json, wanted: "Properties") -> list[str]:
    """Return the features removed by the provider, because the program does not set them.

    They are optional and not computed in terraform-provider-aws.
    """
    stream: _Json = table.get("StreamSpecification", {})
    table_class: str = table.get("TableClassSummary", {}).get("TableClass", "STANDARD")
    replicas = ", ".join(each["RegionName"] for each in table.get("Replicas", []))
    view = stream.get("StreamViewType")
    features = {
        "streamEnabled": f"its stream ({view})" if stream.get("StreamEnabled") else "",
        "tableClass": f"its class {table_class}" if table_class != "STANDARD" else "",
        "replicas": f"its replicas ({replicas})" if replicas else "",
    }
    return [words for name, words in features.items() if words and name not in wanted]


def _obstacles(table: _Json, wanted: "Properties") -> list[str]:
    """Return the differences in properties fixed at the table's creation."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    keys = [f"{key['AttributeName']} ({types[key['AttributeName']]})" for key in table["KeySchema"]]
    ours = [f"{wanted['hashKey']} (S)", f"{wanted['rangeKey']} (S)"]
    local = [each["IndexName"] for each in table.get("LocalSecondaryIndexes", [])]
    return [
        *([f"its keys are {', '.join(keys)}, not {', '.join(ours)}"] if keys != ours else []),
        *(f"its local index {name} is not in the program" for name in local),
    ]


def _is_recoverable(client: "DynamoDBClient", table: str) -> bool:
    backups = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {})
    return recovery.get("PointInTimeRecoveryStatus") == "ENABLED"
