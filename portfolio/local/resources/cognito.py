"""Cognito on the emulator."""

from contextlib import suppress
from typing import Any

from infra.errors import LocalStageError
from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import (
    Changer,
    Created,
    Inputs,
    Known,
    Maker,
    Properties,
    Remover,
    again,
)

_MOST = 60
"""Maximum number of pools or app clients in a list."""


def make_user_pool(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a user pool, or change a kept one with this name."""
    name = inputs.take("name")
    fixed = inputs.take_pascal("schemas", "usernameAttributes", "usernameConfiguration")
    settings: Properties = {
        "Policies": {"PasswordPolicy": inputs.take_pascal("passwordPolicy")["PasswordPolicy"]},
        "UserPoolTags": inputs.take("tags", {}),
        **inputs.take_pascal(
            "accountRecoverySetting",
            "adminCreateUserConfig",
            "autoVerifiedAttributes",
            "deletionProtection",
            "mfaConfiguration",
            "userPoolTier",
        ),
    }
    identifier = _find_pool(clients, name)
    if identifier:
        _check_attributes(clients, identifier, fixed["Schemas"])
        clients.cognito.update_user_pool(UserPoolId=identifier, **settings)
    else:
        schema = fixed.pop("Schemas")
        created = clients.cognito.create_user_pool(
            PoolName=name, Schema=schema, **fixed, **settings
        )
        identifier = created["UserPool"].get("Id", "")
    pool = clients.cognito.describe_user_pool(UserPoolId=identifier)["UserPool"]
    endpoint = f"cognito-idp.{clients.region}.amazonaws.com/{identifier}"
    return Created(identifier, {"arn": pool.get("Arn"), "endpoint": endpoint})


def make_user_pool_client(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create an app client, or change a kept one with this name."""
    name, pool = inputs.take("name"), inputs.take("userPoolId")
    with_secret = inputs.take_pascal("generateSecret")
    settings = inputs.take_pascal(
        "accessTokenValidity",
        "enableTokenRevocation",
        "explicitAuthFlows",
        "idTokenValidity",
        "preventUserExistenceErrors",
        "readAttributes",
        "refreshTokenValidity",
        "tokenValidityUnits",
        "writeAttributes",
    )
    kept = _find_client(clients, pool, name)
    client = (
        clients.cognito.update_user_pool_client(UserPoolId=pool, ClientId=kept, **settings)
        if kept
        else clients.cognito.create_user_pool_client(
            UserPoolId=pool, ClientName=name, **with_secret, **settings
        )
    )["UserPoolClient"]
    return Created(client.get("ClientId", ""), {"clientSecret": client.get("ClientSecret", "")})


def make_user_group(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a group of users, unless it is a kept one."""
    pool, name = inputs.take("userPoolId"), inputs.take("name")
    description = inputs.take("description", "")
    # The emulator cannot change a kept group; to create it anew would lose its members.
    with suppress(clients.cognito.exceptions.GroupExistsException):
        clients.cognito.create_group(UserPoolId=pool, GroupName=name, Description=description)
    return Created(f"{pool}/{name}", {})


def remove_user_group(clients: EmulatorClients, known: Known) -> None:
    """Delete a group of users."""
    pool, _, name = known.id.partition("/")
    clients.cognito.delete_group(UserPoolId=pool, GroupName=name)


def _find_pool(clients: EmulatorClients, name: str) -> str | None:
    pools = clients.cognito.list_user_pools(MaxResults=_MOST)["UserPools"]
    return next((pool.get("Id") for pool in pools if pool.get("Name") == name), None)


def _find_client(clients: EmulatorClients, pool: str, name: str) -> str | None:
    listed = clients.cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=_MOST)
    found = (each for each in listed["UserPoolClients"] if each.get("ClientName") == name)
    return next((each.get("ClientId") for each in found), None)


def _check_attributes(clients: EmulatorClients, pool: str, wanted: list[Any]) -> None:
    """Refuse a kept pool without an attribute of the program: Cognito cannot change them."""
    described = clients.cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    there = {each.get("Name", "") for each in described.get("SchemaAttributes", [])}
    names = {each["Name"] for each in wanted}
    if missing := sorted(name for name in names if not {name, f"custom:{name}"} & there):
        raise LocalStageError(
            f"The kept user pool has no attribute {', '.join(missing)}: "
            "start without --keep, or delete the folder .kept to begin with a new pool."
        )


MAKERS: dict[str, Maker] = {
    "aws:cognito/userPool:UserPool": make_user_pool,
    "aws:cognito/userPoolClient:UserPoolClient": make_user_pool_client,
    "aws:cognito/userGroup:UserGroup": make_user_group,
}

CHANGERS: dict[str, Changer] = {
    "aws:cognito/userPool:UserPool": again(
        make_user_pool, "name", "schemas", "usernameAttributes", "usernameConfiguration"
    ),
    "aws:cognito/userPoolClient:UserPoolClient": again(
        make_user_pool_client, "generateSecret", "userPoolId"
    ),
    "aws:cognito/userGroup:UserGroup": again(make_user_group, "name", "userPoolId"),
}
REMOVERS: dict[str, Remover] = {
    "aws:cognito/userPoolClient:UserPoolClient": lambda clients, known: (
        clients.cognito.delete_user_pool_client(
            UserPoolId=known.inputs["userPoolId"], ClientId=known.id
        )
    ),
    "aws:cognito/userGroup:UserGroup": remove_user_group,
}
