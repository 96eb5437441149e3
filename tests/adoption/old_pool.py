"""A user pool as the old deployment's command line made it, on the emulator."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.paths import PROJECT

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from tests.adoption.sam_resources import SamAccount

PASSWORD = "Correct-horse-1"
_NAME = f"{PROJECT}-user-pool"
_POLICY: Any = {
    "MinimumLength": 12,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}
_SCHEMA: Any = [
    {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
    {"Name": "name", "AttributeDataType": "String", "Required": True, "Mutable": True},
    {
        "Name": "role",
        "AttributeDataType": "String",
        "Mutable": True,
        "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "20"},
    },
]


@dataclass(frozen=True)
class OldPool:
    """The pool, and its one client."""

    cognito: "CognitoIdentityProviderClient"
    id: str
    client_id: str
    name: str = _NAME

    def make_user(self, email: str, *, role: str = "") -> None:
        """Create a user with a permanent password, and with the attribute of a role."""
        attributes = {"email": email, "email_verified": "true", "name": "Ann"}
        if role:
            attributes["custom:role"] = role
        self.cognito.admin_create_user(
            UserPoolId=self.id,
            Username=email,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )
        self.cognito.admin_set_user_password(
            UserPoolId=self.id, Username=email, Password=PASSWORD, Permanent=True
        )

    def make_owner(self, email: str) -> None:
        """Create the owners' group with a user in it."""
        self.cognito.create_group(UserPoolId=self.id, GroupName="owner")
        self.cognito.admin_add_user_to_group(UserPoolId=self.id, Username=email, GroupName="owner")

    def log_in(self, email: str, password: str) -> str:
        """Return the refresh token of a new session."""
        answer = self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
        return answer["AuthenticationResult"].get("RefreshToken", "")

    def refresh(self, token: str) -> str:
        """Return a new ID token of a session."""
        answer = self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )
        return answer["AuthenticationResult"].get("IdToken", "")

    def subject(self, email: str) -> str:
        """Return the `sub` of a user."""
        found: Any = self.cognito.admin_get_user(UserPoolId=self.id, Username=email)
        attributes = {each["Name"]: each["Value"] for each in found["UserAttributes"]}
        return attributes["sub"]

    def close(self) -> None:
        """Stop people from signing up."""
        only: Any = {"AllowAdminCreateUserOnly": True}
        self.cognito.update_user_pool(UserPoolId=self.id, AdminCreateUserConfig=only)

    def let_write(self, *attributes: str) -> None:
        """Let the client's users write these attributes alone."""
        self.cognito.update_user_pool_client(
            UserPoolId=self.id, ClientId=self.client_id, WriteAttributes=attributes
        )


def make_old_pool(account: "SamAccount", **more: Any) -> OldPool:
    """Create the pool and the client, with the values of `shared/old-deployment.md`."""
    cognito: CognitoIdentityProviderClient = account.client("cognito-idp")
    request: Any = {
        "PoolName": _NAME,
        "UsernameAttributes": ["email"],
        "AutoVerifiedAttributes": ["email"],
        "MfaConfiguration": "OFF",
        "AccountRecoverySetting": {
            "RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]
        },
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "Policies": {"PasswordPolicy": _POLICY},
        "Schema": _SCHEMA,
        **more,
    }
    pool: Any = cognito.create_user_pool(**request)["UserPool"]
    return OldPool(cognito, pool["Id"], _make_client(cognito, pool["Id"]))


def _make_client(cognito: "CognitoIdentityProviderClient", pool: str) -> str:
    answer: Any = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="portfolio-frontend-client",
        GenerateSecret=False,
        ExplicitAuthFlows=[
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        ],
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=True,
        IdTokenValidity=3600,
        AccessTokenValidity=3600,
        RefreshTokenValidity=2_592_000,
        TokenValidityUnits={
            "IdToken": "seconds",
            "AccessToken": "seconds",
            "RefreshToken": "seconds",
        },
    )
    return answer["UserPoolClient"]["ClientId"]
