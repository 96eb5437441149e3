"""The user pool that is there, its clients and its group."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from infra.adoption.comparison import are_ours, camel, find_changes
from infra.adoption.finding import Existing, Subject

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from infra.adoption.comparison import Properties
    from infra.settings import StageSettings

_POOL: Final = (
    "accountRecoverySetting",
    "adminCreateUserConfig",
    "autoVerifiedAttributes",
    "deletionProtection",
    "passwordPolicy",
    "tags",
)
_CLIENT: Final = (
    "accessTokenValidity",
    "enableTokenRevocation",
    "explicitAuthFlows",
    "idTokenValidity",
    "name",
    "preventUserExistenceErrors",
    "refreshTokenValidity",
    "tokenValidityUnits",
)


def find_identity(
    client: "CognitoIdentityProviderClient",
    settings: "StageSettings",
    pool: "Properties",
    pool_client: "Properties",
    group: "Properties",
) -> Iterator[Subject]:
    """The stage's pool, and what is in the one it adopts or could.

    Args:
        client: for Cognito.
        settings: of the stage.
        pool: the pool's inputs in the program.
        pool_client: the client's.
        group: the owner group's.
    """
    found = _find_pool(client, settings)
    existing = _describe_pool(found, settings, pool) if found else None
    yield Subject(
        kind="user pool",
        resource="aws:cognito/userPool:UserPool::identity",
        name=str(found["Name"]) if found else pool["name"],
        setting="adoptUserPool",
        adopted=settings.adopt_user_pool,
        existing=existing,
        is_unique=False,
        loss=", without its users",
    )
    if existing:
        yield from _find_clients(client, settings, existing, pool_client)
        yield _find_group(client, settings, existing, group)


def _find_pool(
    client: "CognitoIdentityProviderClient", settings: "StageSettings"
) -> dict[str, Any] | None:
    """The one that is adopted, else one under the stage's name; names need not be unique."""
    pool_id = settings.adopt_user_pool or _find_pool_id(client, settings.name)
    if pool_id is None:
        return None
    try:
        answer: Any = client.describe_user_pool(UserPoolId=pool_id)
    except client.exceptions.ResourceNotFoundException:
        return None
    return answer["UserPool"]


def _find_pool_id(client: "CognitoIdentityProviderClient", name: str) -> str | None:
    pages = client.get_paginator("list_user_pools").paginate(
        PaginationConfig={"PageSize": 60}  # which Cognito wants to be told
    )
    pools = [pool for page in pages for pool in page["UserPools"]]
    return next((each.get("Id") for each in pools if each.get("Name", "").startswith(name)), None)


def _describe_pool(
    found: dict[str, Any], settings: "StageSettings", wanted: "Properties"
) -> Existing:
    has = camel(found)
    tags = found.get("UserPoolTags", {})
    has |= {"passwordPolicy": has.get("policies", {}).get("passwordPolicy", {}), "tags": tags}
    return Existing(
        id=found["Id"],
        is_ours=are_ours(tags, settings),
        changes=find_changes(has, wanted, *_POOL),
        obstacles=_pool_obstacles(has),
        kept=_kept(has, wanted),
    )


def _pool_obstacles(found: "Properties") -> list[str]:
    """What Cognito decides when a pool is made, and the program must have its way."""
    signs_in_by: list[str] = found.get("usernameAttributes", [])
    aliases: list[str] = found.get("aliasAttributes", [])
    return [
        *(
            [f"its users sign in by {', '.join(signs_in_by) or 'a user name'}, not by email"]
            if signs_in_by != ["email"]
            else []
        ),
        *([f"its users have the aliases {', '.join(aliases)}"] if aliases else []),
    ]


def _kept(found: "Properties", wanted: "Properties") -> list[str]:
    """What Cognito decides when a pool is made, and may be as it is."""
    attributes = [
        each["name"]
        for each in found.get("schemaAttributes", [])
        if each["name"].startswith(("custom:", "dev:"))
        or (each.get("required") and each["name"] != "sub")
    ]
    is_case_sensitive = found.get("usernameConfiguration", {}).get("caseSensitive", True)
    return [
        *([f"the name {found['name']}"] if found["name"] != wanted["name"] else []),
        *(["the case of e-mail addresses, which counts,"] if is_case_sensitive else []),
        *([f"the schema ({', '.join(attributes)})"] if attributes else []),
    ]


def _find_clients(
    client: "CognitoIdentityProviderClient",
    settings: "StageSettings",
    pool: Existing,
    wanted: "Properties",
) -> Iterator[Subject]:
    pages = client.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool.id)
    ids = [each.get("ClientId", "") for page in pages for each in page["UserPoolClients"]]
    adopted = settings.adopt_user_pool_client
    if adopted:
        ids = [each for each in ids if each == adopted]
    for each in ids or [""]:
        found = _describe_client(client, pool, each, wanted) if each else None
        yield Subject(
            kind="user pool client",
            resource="aws:cognito/userPoolClient:UserPoolClient::identity",
            name=each or adopted or str(wanted["name"]),
            setting="adoptUserPoolClient",
            adopted=adopted,
            existing=found,
            is_unique=False,
        )


def _describe_client(
    client: "CognitoIdentityProviderClient", pool: Existing, client_id: str, wanted: "Properties"
) -> Existing:
    answer = client.describe_user_pool_client(UserPoolId=pool.id, ClientId=client_id)
    found = camel(answer["UserPoolClient"])
    found["name"] = found["clientName"]
    secret = ["it has a secret, which the function does not know: let up make another"]
    return Existing(
        id=client_id,
        is_ours=pool.is_ours,
        changes=find_changes(found, wanted, *_CLIENT),
        obstacles=secret if found.get("clientSecret") else [],
    )


def _find_group(
    client: "CognitoIdentityProviderClient",
    settings: "StageSettings",
    pool: Existing,
    wanted: "Properties",
) -> Subject:
    try:
        answer = client.get_group(UserPoolId=pool.id, GroupName=wanted["name"])
        changes = find_changes(camel(answer["Group"]), wanted, "description")
        group = f"{pool.id}/{wanted['name']}"
        existing = Existing(id=group, value="true", is_ours=pool.is_ours, changes=changes)
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
