"""Who may write: Cognito's user pool, its one client, and the owner's group."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from infra.components.child_options import child_options
from infra.components.names import OWNER_GROUP
from infra.components.protection import refuse_replacement

TOKEN_MINUTES: Final = 60
"""How long an access token is good for."""


_SIGN_IN: Final = ["email"]
_FIXED: Final = (
    "name",
    "schemas",
    "usernameConfiguration",
    "usernameAttributes",
    "aliasAttributes",
)
"""What Cognito decides when it makes a pool.

By what people sign in is what the program must have its way in. The others may be otherwise in a
pool that was adopted, also once the setting that adopted it is gone: so where the program changes
them, a pool that is there stays as it is. A stage under another name is the table's to refuse.
"""


@dataclass(frozen=True, kw_only=True)
class AdoptedPool:
    """What of the identity is there already; None and False stand for what is made."""

    pool: str | None
    """The id of the user pool."""

    client: str | None
    """The id of its client."""

    owner_group: bool
    """Whether it has the owner's group."""

    def id_in_pool(self, of_pool: str | None) -> str | None:
        """The id by which the provider imports a part of the pool, if there is such a part."""
        return f"{self.pool}/{of_pool}" if self.pool and of_pool else None


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """What the user pool needs to know."""

    name: str
    region: str
    protect: bool
    """Whether the pool is kept from deletion."""

    guard: pulumi.ResourceHook | None
    """What refuses to delete the pool, if that is refused."""

    is_replaceable: bool
    """Whether a change that Cognito does not take makes another pool, without users."""

    adopt: AdoptedPool

    tags: Mapping[str, str]


class Identity(pulumi.ComponentResource):
    """A user pool whose users the owner alone creates, and who sign in with their e-mail."""

    user_pool_id: pulumi.Output[str]
    client_id: pulumi.Output[str]
    issuer: pulumi.Output[str]
    """What its tokens carry as `iss`."""

    def __init__(
        self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("portfolio-api:components:Identity", name, None, opts)
        pool = self._user_pool(name, args)
        if not args.is_replaceable:
            fixed = {
                "usernameAttributes": (pool.username_attributes, _SIGN_IN),
                "aliasAttributes": (pool.alias_attributes, None),
            }
            refuse_replacement("user pool", pool.name, fixed)
        client = self._client(name, args, pool)
        aws.cognito.UserGroup(
            f"{name}-{OWNER_GROUP}",
            name=OWNER_GROUP,
            description="Runs the site.",
            user_pool_id=pool.id,
            opts=child_options(
                self, args.adopt.id_in_pool(OWNER_GROUP if args.adopt.owner_group else None)
            ),
        )
        self.user_pool_id, self.client_id = pool.id, client.id
        self.issuer = pulumi.Output.concat(
            f"https://cognito-idp.{args.region}.amazonaws.com/", pool.id
        )
        self.register_outputs({"user_pool_id": pool.id, "client_id": client.id})

    def _user_pool(self, name: str, args: IdentityArgs) -> aws.cognito.UserPool:
        return aws.cognito.UserPool(
            name,
            name=args.name,
            username_attributes=_SIGN_IN,
            auto_verified_attributes=["email"],
            username_configuration={"case_sensitive": False},
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
            tags=args.tags,
            opts=child_options(
                self,
                args.adopt.pool,
                protect=args.protect,
                fixed=() if args.is_replaceable else _FIXED,
                guard=args.guard,
            ),
        )

    def _client(
        self, name: str, args: IdentityArgs, pool: aws.cognito.UserPool
    ) -> aws.cognito.UserPoolClient:
        return aws.cognito.UserPoolClient(
            name,
            name=args.name,
            user_pool_id=pool.id,
            generate_secret=False,
            explicit_auth_flows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            access_token_validity=TOKEN_MINUTES,
            id_token_validity=TOKEN_MINUTES,
            refresh_token_validity=1,
            token_validity_units={
                "access_token": "minutes",
                "id_token": "minutes",
                "refresh_token": "days",
            },
            # The provider cannot tell whether one that is there has a secret.
            opts=child_options(
                self, args.adopt.id_in_pool(args.adopt.client), fixed=["generateSecret"]
            ),
        )
