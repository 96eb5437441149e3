"""The effect of `pulumi up` in the guide from SAM, on the emulator and on the stack's state.

A program of its own, called as `pulumi up`. It changes the adopted table, pool and client as the
program would, and creates the group and the API: tests/real/engine deploys with the real engine.
"""

import json
import subprocess
import sys
from typing import Any, Final

import boto3

from infra.paths import PROJECT
from infra.settings import StageSettings, load_stage_settings

_STACK: Final = f"urn:pulumi:prod::{PROJECT}::pulumi:pulumi:Stack::{PROJECT}-prod"
_GROUP: Final = "aws:cognito/userGroup:UserGroup::identity-owner"
_INDEX: Final[Any] = {
    "IndexName": "by-views",
    "KeySchema": [
        {"AttributeName": "PK", "KeyType": "HASH"},
        {"AttributeName": "views", "KeyType": "RANGE"},
    ],
    "Projection": {"ProjectionType": "KEYS_ONLY"},
}
ADDRESS: Final = "https://api.example"


def main(engine: str) -> None:
    settings = load_stage_settings("prod")
    _change_table(str(settings.adopt_table))
    _change_pool(str(settings.adopt_user_pool), str(settings.adopt_user_pool_client))
    _create_api(settings)
    _write_state(engine, settings)


def _change_table(table: str) -> None:
    dynamodb: Any = boto3.client("dynamodb")
    found = dynamodb.describe_table(TableName=table)["Table"]
    if [each["IndexName"] for each in found.get("GlobalSecondaryIndexes", [])] == ["by-views"]:
        return
    dynamodb.update_table(
        TableName=table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "GSI1"}}]
    )
    dynamodb.update_table(
        TableName=table,
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
            {"AttributeName": "views", "AttributeType": "N"},
        ],
        GlobalSecondaryIndexUpdates=[{"Create": _INDEX}],
    )


def _change_pool(pool: str, client: str) -> None:
    cognito: Any = boto3.client("cognito-idp")
    cognito.update_user_pool(
        UserPoolId=pool, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True}
    )
    cognito.update_user_pool_client(
        UserPoolId=pool,
        ClientId=client,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        WriteAttributes=["name"],
    )
    groups = cognito.list_groups(UserPoolId=pool)["Groups"]
    if not groups:
        cognito.create_group(UserPoolId=pool, GroupName="owner")


def _create_api(settings: StageSettings) -> None:
    gateway: Any = boto3.client("apigatewayv2")
    if settings.name not in [each["Name"] for each in gateway.get_apis()["Items"]]:
        api = gateway.create_api(Name=settings.name, ProtocolType="HTTP", Tags=settings.tags)
        gateway.create_stage(ApiId=api["ApiId"], StageName="$default")


def _write_state(engine: str, settings: StageSettings) -> None:
    """Write the resources that the page's commands read: outputs, a protected one, the group."""
    outputs = {
        "api_url": ADDRESS,
        "table_name": settings.adopt_table,
        "user_pool_id": settings.adopt_user_pool,
        "user_pool_client_id": settings.adopt_user_pool_client,
    }
    kind, _, name = _GROUP.partition("::")
    parts = f"urn:pulumi:prod::{PROJECT}::pulumi:pulumi:Stack$"
    stack = {"urn": _STACK, "type": "pulumi:pulumi:Stack", "custom": False, "outputs": outputs}
    table = _component(f"{parts}{PROJECT}:components:Table::table", protect=True)
    group = {
        **_component(f"{parts}{kind}::{name}"),
        "custom": True,
        "id": f"{settings.adopt_user_pool}/owner",
    }
    state: dict[str, Any] = {
        "version": 3,
        "deployment": {"manifest": {}, "resources": [stack, table, group]},
    }
    subprocess.run(
        [engine, "stack", "import", "--stack", "prod"],
        input=json.dumps(state),
        text=True,
        check=True,
    )


def _component(urn: str, *, protect: bool = False) -> dict[str, Any]:
    kind = urn.rpartition("::")[0].rpartition("$")[2]
    return {"urn": urn, "type": kind, "custom": False, "parent": _STACK, "protect": protect}


if __name__ == "__main__":
    main(sys.argv[1])
