"""Users of the emulator's Cognito, made as the program and the owner make them."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


@dataclass(frozen=True)
class Account:
    """A user of the pool, who can log in."""

    subject: str
    email: str
    password: str
    name: str | None


@dataclass(frozen=True)
class UserPool:
    """A user pool like the program's, with an owner and someone who is not."""

    id: str
    client_id: str
    owner: Account
    user: Account


def create_user_pool(cognito: "CognitoIdentityProviderClient") -> UserPool:
    pool_id = cognito.create_user_pool(
        PoolName="backend-tests",
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        Schema=[
            {
                "Name": "role",
                "AttributeDataType": "String",
                "Mutable": True,
                "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "20"},
            }
        ],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
    )["UserPool"].get("Id", "")
    client_id = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="backend-tests",
        GenerateSecret=False,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        PreventUserExistenceErrors="ENABLED",
        RefreshTokenValidity=30,
    )["UserPoolClient"].get("ClientId", "")
    cognito.create_group(UserPoolId=pool_id, GroupName="owner")
    owner = create_account(cognito, pool_id, "Olive Owner")
    cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=owner.email, GroupName="owner")
    return UserPool(pool_id, client_id, owner, create_account(cognito, pool_id))


def create_account(
    cognito: "CognitoIdentityProviderClient", pool_id: str, name: str | None = None
) -> Account:
    """Create a user with a permanent password."""
    account = invite_account(cognito, pool_id, name)
    cognito.admin_set_user_password(
        UserPoolId=pool_id, Username=account.email, Password=account.password, Permanent=True
    )
    return account


def invite_account(
    cognito: "CognitoIdentityProviderClient", pool_id: str, name: str | None = None
) -> Account:
    """Create a user with a temporary password."""
    email, password = f"{uuid.uuid4().hex}@example.com", f"Aa1!{uuid.uuid4().hex}"
    attributes = {"email": email, "email_verified": "true"} | ({"name": name} if name else {})
    answer = cognito.admin_create_user(
        UserPoolId=pool_id,
        Username=email,
        MessageAction="SUPPRESS",
        TemporaryPassword=password,
        UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
    )
    found = {item["Name"]: item.get("Value") for item in answer["User"].get("Attributes", [])}
    return Account(found["sub"] or "", email, password, name)


def id_token(cognito: "CognitoIdentityProviderClient", pool: UserPool, account: Account) -> str:
    """Log in at Cognito itself."""
    answer = cognito.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account.email, "PASSWORD": account.password},
    )
    return answer["AuthenticationResult"].get("IdToken", "")


def bearer(token: str) -> dict[str, str]:
    """Return the headers with a token."""
    return {"Authorization": f"Bearer {token}"}
