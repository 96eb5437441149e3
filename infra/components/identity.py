"""The Cognito user pool, with its client and the group `owner`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options
from infra.components.names import OWNER_GROUP, ROLE_ATTRIBUTE, TOKEN_MINUTES
from infra.components.protection import refuse_replacement
from infra.paths import PROJECT

if TYPE_CHECKING:
    from infra.settings.groups import IdentitySettings

_REFRESH_TOKEN_DAYS: Final = 30

_SIGN_IN: Final = ["email"]
_FIXED: Final = (
    "name",
    "schemas",
    "usernameConfiguration",
    "usernameAttributes",
    "aliasAttributes",
)
"""Properties Cognito cannot change once a pool exists.

The program insists on the attributes for sign-in only. An adopted pool may have other values for
the rest, even after the `adopt` setting is gone. So the program ignores its own changes of these
properties, and an existing pool stays as it is. A stage with another name fails at the table.
"""

_ROLE: Final[aws.cognito.UserPoolSchemaArgsDict] = {
    "name": ROLE_ATTRIBUTE.removeprefix("custom:"),
    "attribute_data_type": "String",
    "developer_only_attribute": False,
    "mutable": True,
    "required": False,
    # Without limits, the provider would find a difference in each preview.
    "string_attribute_constraints": {"min_length": "1", "max_length": "20"},
}


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """Arguments of the user pool."""

    settings: "IdentitySettings"
    guard: pulumi.ResourceHook
    """The hook to stop a protected pool's deletion."""

    @property
    def protect(self) -> bool:
        """True if the pool must not be deleted."""
        return self.settings.protect or self.settings.adopt_user_pool is not None

    def import_id(self, part: str | None) -> str | None:
        """Return the provider's import id of a part of the adopted pool, or None without one."""
        pool = self.settings.adopt_user_pool
        return f"{pool}/{part}" if pool and part else None


class Identity(pulumi.ComponentResource):
    """A user pool: only the owner creates users, and they sign in with their e-mail address."""

    user_pool_id: pulumi.Output[str]
    client_id: pulumi.Output[str]
    issuer: pulumi.Output[str]
    """The claim `iss` of the pool's tokens."""

    def __init__(
        self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{PROJECT}:components:Identity", name, None, opts)
        pool = self._create_user_pool(name, args)
        if not args.settings.may_lose_data:
            fixed = {
                "usernameAttributes": (pool.username_attributes, _SIGN_IN),
                "aliasAttributes": (pool.alias_attributes, None),
            }
            refuse_replacement("user pool", pool.name, fixed)
        client = self._create_client(name, args, pool)
        self._create_owner_group(name, args, pool)
        self.user_pool_id, self.client_id = pool.id, client.id
        self.issuer = pulumi.Output.concat(
            f"https://cognito-idp.{args.settings.region}.amazonaws.com/", pool.id
        )
        self.register_outputs({"user_pool_id": pool.id, "client_id": client.id})

    def _create_user_pool(self, name: str, args: IdentityArgs) -> aws.cognito.UserPool:
        settings = args.settings
        return aws.cognito.UserPool(
            name,
            name=settings.name,
            username_attributes=_SIGN_IN,
            auto_verified_attributes=["email"],
            username_configuration={"case_sensitive": False},
            schemas=[_ROLE],
            admin_create_user_config={"allow_admin_create_user_only": True},
            account_recovery_setting={
                "recovery_mechanisms": [{"name": "verified_email", "priority": 1}]
            },
            password_policy={
                "minimum_length": 12,
                "require_lowercase": True,
                "require_numbers": True,
                "require_symbols": True,
                "require_uppercase": True,
                "temporary_password_validity_days": 7,
            },
            deletion_protection="ACTIVE" if args.protect else "INACTIVE",
            tags=settings.tags,
            opts=child_options(
                self,
                settings.adopt_user_pool,
                protect=args.protect,
                fixed=() if settings.may_lose_data else _FIXED,
                guard=args.guard if args.protect else None,
            ),
        )

    def _create_client(
        self, name: str, args: IdentityArgs, pool: aws.cognito.UserPool
    ) -> aws.cognito.UserPoolClient:
        return aws.cognito.UserPoolClient(
            name,
            name=args.settings.name,
            user_pool_id=pool.id,
            generate_secret=False,
            explicit_auth_flows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            access_token_validity=TOKEN_MINUTES,
            id_token_validity=TOKEN_MINUTES,
            refresh_token_validity=_REFRESH_TOKEN_DAYS,
            token_validity_units={
                "access_token": "minutes",
                "id_token": "minutes",
                "refresh_token": "days",
            },
            # Cognito puts the readable attributes into ID tokens.
            read_attributes=["email", "email_verified", "name", ROLE_ATTRIBUTE],
            # A user must not write their own role.
            write_attributes=["name"],
            # The provider cannot read if an existing client has a secret.
            opts=child_options(
                self,
                args.import_id(args.settings.adopt_user_pool_client),
                fixed=["generateSecret"],
            ),
        )

    def _create_owner_group(
        self, name: str, args: IdentityArgs, pool: aws.cognito.UserPool
    ) -> None:
        adopted = OWNER_GROUP if args.settings.adopt_owner_group else None
        aws.cognito.UserGroup(
            f"{name}-{OWNER_GROUP}",
            name=OWNER_GROUP,
            description="Runs the site.",
            user_pool_id=pool.id,
            opts=child_options(self, args.import_id(adopted)),
        )
