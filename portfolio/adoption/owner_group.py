"""The owner group of an existing user pool."""

from typing import TYPE_CHECKING, Any

from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import camel, find_changes

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties


def find_group(
    client: "CognitoIdentityProviderClient",
    settings: "StageSettings",
    pool: Existing,
    wanted: "Properties",
) -> Subject:
    """Return the group of the owners.

    Args:
        client: a client for Cognito.
        settings: the stage's settings.
        pool: the group's user pool.
        wanted: the group's inputs in the program.
    """
    try:
        answer: Any = client.get_group(UserPoolId=pool.id, GroupName=wanted["name"])
        existing = _describe(answer["Group"], pool, wanted)
    except client.exceptions.ResourceNotFoundException:
        existing = None
    return Subject(
        kind="user pool group",
        resource="aws:cognito/userGroup:UserGroup::identity-owner",
        name=wanted["name"],
        setting="adoptOwnerGroup",
        adopted=settings.adopt_owner_group,
        existing=existing,
        # If the pool is not adopted, up creates a pool with its own group.
        is_unique=settings.adopt_user_pool is not None,
    )


def _describe(group: dict[str, Any], pool: Existing, wanted: "Properties") -> Existing:
    name: str = wanted["name"]
    # The provider sends 0 for a missing precedence. For a missing role it sends an empty one, and
    # AWS refuses that.
    without = {"precedence": 0, **wanted}
    role = group.get("RoleArn")
    obstacle = (
        f"it has the role {role}, and `pulumi up` cannot remove the role. Delete the group (aws "
        f"cognito-idp delete-group --user-pool-id {pool.id} --group-name {name}), create "
        "another with `pulumi up`, and add its members again (portfolio owner create)"
    )
    return Existing(
        id=f"{pool.id}/{name}",
        value="true",
        is_ours=pool.is_ours,
        changes=find_changes(camel(group), without, "description", "precedence"),
        obstacles=[obstacle] if role and "roleArn" not in wanted else [],
    )
