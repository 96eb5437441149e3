"""`portfolio adopt --check`: what an adopted table, pool or group would be without."""

from typing import TYPE_CHECKING, Any

import pytest

from portfolio.adoption.table_expiry import find_expiry_obstacles
from tests.adoption.conftest import Adopt
from tests.adoption.printed import line_of
from tests.adoption.sam_resources import TABLE, SamAccount

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient


def index(name: str, projection: str) -> dict[str, Any]:
    keys = [{"AttributeName": "PK", "KeyType": "HASH"}]
    keys += [{"AttributeName": "views", "KeyType": "RANGE"}]
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": projection}}


def test_a_table_that_would_lose_something_is_adopted_with_a_warning(
    adopt: Adopt, account: SamAccount
) -> None:
    account.make_table(
        indexed={"views": "N"},
        GlobalSecondaryIndexes=[index("by-views", "KEYS_ONLY"), index("by-date", "ALL")],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        TableClass="STANDARD_INFREQUENT_ACCESS",
    )
    code, printed = adopt(settings={"adoptTable": TABLE})
    assert code == 0, printed
    line = line_of(printed, "table ")
    assert line.startswith("! ")
    assert line.endswith(
        "; up removes its index by-date, its stream (NEW_IMAGE), "
        "its class STANDARD_INFREQUENT_ACCESS"
    )


def test_the_replicas_of_a_table_would_be_lost(adopt: Adopt, account: SamAccount) -> None:
    account.make_table()
    dynamodb: DynamoDBClient = account.client("dynamodb")
    dynamodb.update_table(TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
    _, printed = adopt(settings={"adoptTable": TABLE})
    line = line_of(printed, "table ")
    assert line.startswith("! ")
    assert "its replicas (eu-west-1)" in line


@pytest.mark.parametrize(
    ("projection", "views", "found"),
    [
        ("ALL", "N", "by-views (PK S, views N; ALL)"),
        ("KEYS_ONLY", "S", "by-views (PK S, views S; KEYS_ONLY)"),
    ],
)
def test_an_index_that_is_otherwise_under_its_name_is_told(
    adopt: Adopt, account: SamAccount, projection: str, views: str, found: str
) -> None:
    account.make_table(
        indexed={"views": views}, GlobalSecondaryIndexes=[index("by-views", projection)]
    )
    _, printed = adopt(settings={"adoptTable": TABLE})
    told = f'globalSecondaryIndexes ["{found}"] → ["by-views (PK S, views N; KEYS_ONLY)"]'
    assert told in line_of(printed, "table ")


def test_an_index_that_is_as_ours_is_not_told(adopt: Adopt, account: SamAccount) -> None:
    account.make_table(
        indexed={"views": "N"}, GlobalSecondaryIndexes=[index("by-views", "KEYS_ONLY")]
    )
    _, printed = adopt(settings={"adoptTable": TABLE})
    assert "globalSecondaryIndexes" not in printed
    assert "up removes" not in printed


def test_items_that_expire_by_another_attribute_are_in_the_way_until_that_is_disabled(
    adopt: Adopt, account: SamAccount
) -> None:
    account.make_table()
    account.expire_by("ttl")
    code, printed = adopt(settings={"adoptTable": TABLE})
    assert code == 1
    line = line_of(printed, "table ")
    assert line.startswith("✗ ")
    assert "its items expire by ttl, not by expiresAt. Disable that first with " in line
    assert (
        f"aws dynamodb update-time-to-live --table-name {TABLE} "
        "--time-to-live-specification Enabled=false,AttributeName=ttl, and wait up "
        "to an hour until AWS accepts another attribute"
    ) in line
    account.expire_by("expiresAt")
    code, printed = adopt(settings={"adoptTable": TABLE})
    assert code == 0, printed
    assert " ttl " not in line_of(printed, "table ")


def test_while_aws_disables_the_old_attribute_it_must_be_waited_for() -> None:
    """The emulator disables it at once."""
    disabling = {"TimeToLiveStatus": "DISABLING", "AttributeName": "expiresAt"}
    (told,) = find_expiry_obstacles(TABLE, disabling, "expiresAt")
    assert told.endswith("Wait until AWS has finished, up to an hour")
    assert not find_expiry_obstacles(TABLE, {"TimeToLiveStatus": "DISABLED"}, "expiresAt")


def test_a_pool_that_would_lose_something_is_adopted_with_a_warning(
    adopt: Adopt, account: SamAccount
) -> None:
    trigger = "arn:aws:lambda:us-east-1:222222222222:function:welcome"
    pool = account.make_pool(
        LambdaConfig={"PostConfirmation": trigger, "PreSignUp": trigger},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True},
        UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"},
        UserPoolTier="PLUS",
        UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
        SmsAuthenticationMessage="{####}",
    )
    cognito: CognitoIdentityProviderClient = account.client("cognito-idp")
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool,
        MfaConfiguration="ON",
        SoftwareTokenMfaConfiguration={"Enabled": True},
    )
    code, printed = adopt(settings={"adoptUserPool": pool, "adoptOwnerGroup": True})
    assert code == 0, printed
    line = line_of(printed, "user pool production")
    assert line.startswith("! ")
    assert (
        "; up removes MFA (ON), authenticator apps as a second factor, "
        "its triggers (PostConfirmation, PreSignUp), its device settings, threat protection "
        "(AUDIT), the verification of a new address before its use, its SMS text; "
    ) in line


def test_a_pool_without_any_of_that_loses_nothing(adopt: Adopt, account: SamAccount) -> None:
    pool = account.make_pool(UserPoolAddOns={"AdvancedSecurityMode": "OFF"})
    _, printed = adopt(settings={"adoptUserPool": pool, "adoptOwnerGroup": True})
    assert line_of(printed, "user pool production").startswith("✓ ")
    assert "up removes" not in printed


def test_a_precedence_of_the_owners_group_is_told(adopt: Adopt, account: SamAccount) -> None:
    pool = account.make_pool(group=False)
    cognito: CognitoIdentityProviderClient = account.client("cognito-idp")
    cognito.create_group(UserPoolId=pool, GroupName="owner", Precedence=5)
    settings = {"adoptUserPool": pool, "adoptOwnerGroup": True}
    code, printed = adopt(settings=settings)
    assert code == 0, printed
    assert "precedence 5 → 0" in line_of(printed, "user pool group")


def test_a_role_of_the_owners_group_cannot_be_taken_away(adopt: Adopt, account: SamAccount) -> None:
    role = account.make_role("sam-owners")
    pool = account.make_pool(group=False)
    cognito: CognitoIdentityProviderClient = account.client("cognito-idp")
    cognito.create_group(UserPoolId=pool, GroupName="owner", RoleArn=role)
    settings = {"adoptUserPool": pool, "adoptOwnerGroup": True}
    code, printed = adopt(settings=settings)
    assert code == 1
    line = line_of(printed, "user pool group")
    reason = f"it has the role {role}, and `pulumi up` cannot remove the role"
    assert f"cannot be adopted: {reason}" in line
    assert f"aws cognito-idp delete-group --user-pool-id {pool} --group-name owner" in line
