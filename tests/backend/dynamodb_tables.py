"""The table of the tests, and the emulators it is tested on."""

from typing import TYPE_CHECKING, Final

import pytest

from src.repositories.views import VIEWS_INDEX

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ON_EVERY_DYNAMODB: Final = pytest.mark.parametrize(
    "dynamodb_endpoint",
    ["emulator", pytest.param("dynamodb-local", marks=pytest.mark.real)],
    indirect=True,
    scope="module",
)
"""Mark of a module with tests of the table: `pytestmark = ON_EVERY_DYNAMODB` runs each on both.

Without it, they run on the emulator that has Cognito too.
"""


def create_table(dynamodb: "DynamoDBClient", name: str) -> None:
    """Make a table with the program's keys and index."""
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": VIEWS_INDEX,
                "KeySchema": [
                    {"AttributeName": "PK", "KeyType": "HASH"},
                    {"AttributeName": "views", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
            {"AttributeName": "views", "AttributeType": "N"},
        ],
    )
    dynamodb.update_time_to_live(
        TableName=name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expiresAt"},
    )
