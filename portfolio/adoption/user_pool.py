"""Existing user pools."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from infra.components.names import ROLE_ATTRIBUTE
from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.owner_group import find_group
from portfolio.adoption.property_changes import are_ours, camel, find_changes, find_other_stage
from portfolio.adoption.user_pool_client import find_clients
from portfolio.adoption.user_pool_losses import find_pool_losses

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties

_POOL: Final = (
    "accountRecoverySetting",
    "adminCreateUserConfig",
    "autoVerifiedAttributes",
    "deletionProtection",
    "passwordPolicy",
    "tags",
)


def find_identity(
    client: "CognitoIdentityProviderClient",
    settings: "StageSettings",
    pool: "Properties",
    pool_client: "Properties",
    group: "Properties",
) -> Iterator[Subject]:
    """Return the stage's adopted pool, or every candidate, each with its clients and group.

    Args:
        client: a client for Cognito.
        settings: the stage's settings.
        pool: the pool's inputs in the program.
        pool_client: the client's inputs in the program.
        group: the owner group's inputs in the program.
    """
    pools = list(find_pools(client, settings))
    has_ours = any(are_ours(each.get("UserPoolTags", {}), settings) for each in pools)
    for found in pools:
        existing = _describe_pool(client, settings, found, pool)
        users = found.get("EstimatedNumberOfUsers", 0)
        subject = _subject(f"{found['Name']} ({existing.id}, users: {users})", settings, existing)
        yield replace(subject, has_people=users > 0, is_beside_ours=has_ours)
        yield from find_clients(client, settings, existing, pool_client)
        yield find_group(client, settings, existing, group)
    if not pools:
        yield _subject(settings.adopt_user_pool or pool["name"], settings, None)


def _subject(name: str, settings: "StageSettings", existing: Existing | None) -> Subject:
    return Subject(
        kind="user pool",
        resource="aws:cognito/userPool:UserPool::identity",
        name=name,
        setting="adoptUserPool",
        adopted=settings.adopt_user_pool,
        existing=existing,
        is_unique=False,
        loss=", without its users",
        is_protected=settings.protect,
    )


def find_pools(
    client: "CognitoIdentityProviderClient", settings: "StageSettings"
) -> Iterator[dict[str, Any]]:
    """Return Cognito's description of the adopted pool, or of all pools with the stage's name.

    Names need not be unique.
    """
    adopted = settings.adopt_user_pool
    for pool_id in [adopted] if adopted else _find_pool_ids(client, settings.name):
        with suppress(client.exceptions.ResourceNotFoundException):
            answer: Any = client.describe_user_pool(UserPoolId=pool_id)
            yield answer["UserPool"]


def _find_pool_ids(client: "CognitoIdentityProviderClient", name: str) -> list[str]:
    pages = client.get_paginator("list_user_pools").paginate(
        PaginationConfig={"PageSize": 60}  # required by Cognito
    )
    pools = [pool for page in pages for pool in page["UserPools"]]
    return [each.get("Id", "") for each in pools if each.get("Name", "").startswith(name)]


def _describe_pool(
    client: "CognitoIdentityProviderClient",
    settings: "StageSettings",
    found: dict[str, Any],
    wanted: "Properties",
) -> Existing:
    has = camel(found)
    tags = found.get("UserPoolTags", {})
    has |= {"passwordPolicy": has.get("policies", {}).get("passwordPolicy", {}), "tags": tags}
    return Existing(
        id=found["Id"],
        is_ours=are_ours(tags, settings),
        changes=find_changes(has, wanted, *_POOL),
        losses=find_pool_losses(client, found, wanted),
        obstacles=[*_pool_obstacles(has), *_find_other_stage(tags, settings)],
        kept=_kept(has, wanted),
    )


def _pool_obstacles(found: "Properties") -> list[str]:
    """Return the differences fixed at creation, in properties needed by the program."""
    names = {each["name"] for each in found.get("schemaAttributes", [])}
    signs_in_by: list[str] = found.get("usernameAttributes", [])
    aliases: list[str] = found.get("aliasAttributes", [])
    return [
        *(
            [f"its users sign in by {', '.join(signs_in_by) or 'a user name'}, not by email"]
            if signs_in_by != ["email"]
            else []
        ),
        *([f"its users have the aliases {', '.join(aliases)}"] if aliases else []),
        *([_lacks_role(found["id"])] if ROLE_ATTRIBUTE not in names else []),
    ]


def _find_other_stage(tags: Mapping[str, str], settings: "StageSettings") -> list[str]:
    """Return the reason against a pool of another stage of this project."""
    other = find_other_stage(tags, settings)
    reason = (
        f"it belongs to the stage {other}, according to its tags. With one pool, the owners of one "
        "stage are owners of both, and each `up` changes the pool's tags and the client's name. "
        "Remove adoptUserPool, so that `pulumi up` creates a pool"
    )
    return [reason] if other else []


def _lacks_role(pool: str) -> str:
    return (
        f"it has no attribute {ROLE_ATTRIBUTE}, and `pulumi up` does not change its schema. Add it "
        f"(aws cognito-idp add-custom-attributes --user-pool-id {pool} --custom-attributes "
        "Name=role,AttributeDataType=String,Mutable=true)"
    )


def _kept(found: "Properties", wanted: "Properties") -> list[str]:
    """Return the differences fixed at creation, in other properties."""
    attributes = [
        each["name"]
        for each in found.get("schemaAttributes", [])
        if each["name"].startswith(("custom:", "dev:"))
        or (each.get("required") and each["name"] != "sub")
    ]
    is_case_sensitive = found.get("usernameConfiguration", {}).get("caseSensitive", True)
    return [
        *([f"the name {found['name']}"] if found["name"] != wanted["name"] else []),
        *(["the case sensitivity of e-mail addresses"] if is_case_sensitive else []),
        *([f"the schema ({', '.join(attributes)})"] if attributes else []),
    ]
