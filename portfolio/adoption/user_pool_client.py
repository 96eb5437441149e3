"""Clients of an existing user pool."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from portfolio.adoption.outcomes import Existing, Subject
from portfolio.adoption.property_changes import camel, find_changes

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from infra.settings import StageSettings
    from portfolio.adoption.property_changes import Properties

_CLIENT: Final = (
    "accessTokenValidity",
    "enableTokenRevocation",
    "explicitAuthFlows",
    "idTokenValidity",
    "name",
    "preventUserExistenceErrors",
    "readAttributes",
    "refreshTokenValidity",
    "tokenValidityUnits",
    "writeAttributes",
)


def find_clients(
    client: "CognitoIdentityProviderClient",
    settings: "StageSettings",
    pool: Existing,
    wanted: "Properties",
) -> Iterator[Subject]:
    """Return the stage's adopted client, or every candidate.

    Args:
        client: a client for Cognito.
        settings: the stage's settings.
        pool: the clients' user pool.
        wanted: the client's inputs in the program.
    """
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
    obstacle = (
        "it has a secret, and the function does not know it. Remove adoptUserPoolClient, so that "
        "`pulumi up` creates another client"
    )
    return Existing(
        id=client_id,
        is_ours=pool.is_ours,
        changes=find_changes(found, wanted, *_CLIENT),
        obstacles=[obstacle] if found.get("clientSecret") else [],
    )
