"""Cognito on the emulator."""

from portfolio.local.clients import EmulatorClients
from portfolio.local.resources.base import Created, Inputs, Maker


def make_user_pool(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a user pool."""
    pool = clients.cognito.create_user_pool(
        PoolName=inputs.take("name"),
        Policies={"PasswordPolicy": inputs.take_pascal("passwordPolicy")["PasswordPolicy"]},
        Schema=inputs.take_pascal("schemas")["Schemas"],
        UserPoolTags=inputs.take("tags", {}),
        **inputs.take_pascal(
            "accountRecoverySetting",
            "adminCreateUserConfig",
            "autoVerifiedAttributes",
            "deletionProtection",
            "mfaConfiguration",
            "usernameAttributes",
            "usernameConfiguration",
            "userPoolTier",
        ),
    )["UserPool"]
    identifier = pool.get("Id", "")
    endpoint = f"cognito-idp.{clients.region}.amazonaws.com/{identifier}"
    return Created(identifier, {"arn": pool.get("Arn"), "endpoint": endpoint})


def make_user_pool_client(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create an app client."""
    client = clients.cognito.create_user_pool_client(
        ClientName=inputs.take("name"),
        **inputs.take_pascal(
            "accessTokenValidity",
            "enableTokenRevocation",
            "explicitAuthFlows",
            "generateSecret",
            "idTokenValidity",
            "preventUserExistenceErrors",
            "readAttributes",
            "refreshTokenValidity",
            "tokenValidityUnits",
            "userPoolId",
            "writeAttributes",
        ),
    )["UserPoolClient"]
    return Created(client.get("ClientId", ""), {"clientSecret": client.get("ClientSecret", "")})


def make_user_group(clients: EmulatorClients, inputs: Inputs) -> Created:
    """Create a group of users."""
    pool, name = inputs.take("userPoolId"), inputs.take("name")
    clients.cognito.create_group(
        UserPoolId=pool, GroupName=name, Description=inputs.take("description", "")
    )
    return Created(f"{pool}/{name}", {})


MAKERS: dict[str, Maker] = {
    "aws:cognito/userPool:UserPool": make_user_pool,
    "aws:cognito/userPoolClient:UserPoolClient": make_user_pool_client,
    "aws:cognito/userGroup:UserGroup": make_user_group,
}
