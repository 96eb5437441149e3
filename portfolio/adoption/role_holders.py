"""Users of an existing pool with the old owner's attribute, and the worth of that attribute.

The deployment with AWS SAM took `custom:role` from the token. Our function reads the group `owner`.
"""

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import TYPE_CHECKING, Any

from infra.components.names import OWNER_GROUP, ROLE_ATTRIBUTE
from portfolio.adoption.outcomes import Existing, Finding, Subject
from portfolio.adoption.user_pool import find_pools
from portfolio.owners.pool import UserPool
from portfolio.terminal import printable

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from infra.settings import StageSettings
    from portfolio.owners.pool import User


def find_role_holders(
    client: "CognitoIdentityProviderClient", settings: "StageSettings", stack: str
) -> Iterator[Finding]:
    """Return the users with `custom:role` = `owner` outside the group of owners.

    If the users could have set the attribute themselves, a finding about the pool comes first.

    Args:
        client: a client for Cognito.
        settings: the stage's settings.
        stack: the stack's name, for the command to promote a user.
    """
    for pool in find_pools(client, settings):
        users = UserPool(client, pool["Id"], stack).users()
        holders = [user for user in users if user.has_role and not user.is_owner]
        doubts = [*_find_open_sign_up(pool), *_find_writers(client, pool["Id"])]
        if holders and doubts:
            text = (
                f"{' and '.join(doubts)}. So {ROLE_ATTRIBUTE} proves nothing: promote only the "
                "users you know"
            )
            yield Finding(_subject("user pool", pool["Name"], pool["Id"]), "unproven", text)
        for user in holders:
            yield Finding(
                _subject("user", printable(user.email), user.email), "unproven", _tell(user, stack)
            )


def _find_open_sign_up(pool: Mapping[str, Any]) -> list[str]:
    """Return the doubt in words, if anybody can sign up."""
    only = pool.get("AdminCreateUserConfig", {}).get("AllowAdminCreateUserOnly", False)
    return [] if only else ["lets anybody sign up (AllowAdminCreateUserOnly is false)"]


def _find_writers(client: "CognitoIdentityProviderClient", pool: str) -> Iterator[str]:
    """Return the doubt about each client, if its users may write the attribute."""
    pages = client.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool)
    for each in [each for page in pages for each in page["UserPoolClients"]]:
        client_id = each.get("ClientId", "")
        answer = client.describe_user_pool_client(UserPoolId=pool, ClientId=client_id)
        written = answer["UserPoolClient"].get("WriteAttributes")
        if not written:
            # AWS's API reference says standard attributes only (UserPoolClientType). Users of
            # terraform-provider-aws report all attributes (pull request 2874).
            yield f"may let users write {ROLE_ATTRIBUTE} (no WriteAttributes in client {client_id})"
        elif ROLE_ATTRIBUTE in written:
            yield f"lets users write {ROLE_ATTRIBUTE} (WriteAttributes of client {client_id})"


def _subject(kind: str, name: str, resource_id: str) -> Subject:
    return Subject(
        kind=kind,
        resource="aws:cognito/userPool:UserPool::identity",
        name=name,
        setting=None,
        adopted=None,
        existing=Existing(id=resource_id),
    )


def _tell(user: "User", stack: str) -> str:
    verified = "verified" if user.is_verified else "address not verified"
    return (
        f"({user.status}, {verified}, since {user.created:%Y-%m-%d}) has {ROLE_ATTRIBUTE} = owner "
        f"and is not in the group {OWNER_GROUP}, so they may not write. To promote them after "
        f"`pulumi up`: portfolio owner create {quote(printable(user.email))} --stack {stack}"
    )
