"""The owner's group of a user pool that is there."""

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
    """The group that makes owners of its members.

    Args:
        client: for Cognito.
        settings: of the stage.
        pool: whose group.
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
        # Of another pool, up makes the group too.
        is_unique=settings.adopt_user_pool is not None,
    )


def _describe(group: dict[str, Any], pool: Existing, wanted: "Properties") -> Existing:
    name: str = wanted["name"]
    # The provider sends 0 for no precedence, and an empty role for none, which AWS refuses.
    without = {"precedence": 0, **wanted}
    role = group.get("RoleArn")
    obstacle = (
        f"it has the role {role}, which up would take away and AWS does not: delete the group "
        f"(aws cognito-idp delete-group --user-pool-id {pool.id} --group-name {name}), let up make "
        "another, and its members owners again (portfolio owner create)"
    )
    return Existing(
        id=f"{pool.id}/{name}",
        value="true",
        is_ours=pool.is_ours,
        changes=find_changes(camel(group), without, "description", "precedence"),
        obstacles=[obstacle] if role and "roleArn" not in wanted else [],
    )
