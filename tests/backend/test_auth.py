"""Users that only an administrator of Cognito can create, and tokens that only tests can sign."""

from typing import TYPE_CHECKING

from tests.backend.accounts import UserPool, bearer, create_account

if TYPE_CHECKING:
    import httpx
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


def test_a_deleted_user_gets_no_further_tokens(
    client: "httpx.Client", cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    account = create_account(cognito, pool.id)
    credentials = {"email": account.email, "password": account.password}
    session = client.post("/auth/login", json=credentials).json()
    cognito.admin_delete_user(UserPoolId=pool.id, Username=account.email)
    refresh = {"refresh_token": session["refresh_token"]}
    assert client.post("/auth/refresh", json=refresh).status_code == 401
    assert client.post("/auth/login", json=credentials).status_code == 401
    # The ID token is valid for its hour, and nothing is left to revoke.
    headers, body = bearer(session["id_token"]), {"access_token": session["access_token"]}
    assert client.get("/auth/me", headers=headers).status_code == 200
    assert client.post("/auth/logout", headers=headers, json=body).status_code == 200


def test_an_address_spelled_with_capitals_in_the_pool_is_tried_as_it_was_sent(
    client: "httpx.Client", cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    """An adopted pool may tell addresses apart by their case, as the emulator does."""
    password = "Aa1!Aa1!Aa1!Aa1!"
    cognito.admin_create_user(
        UserPoolId=pool.id, Username="Lea@example.com", MessageAction="SUPPRESS"
    )
    cognito.admin_set_user_password(
        UserPoolId=pool.id, Username="Lea@example.com", Password=password, Permanent=True
    )
    credentials = {"email": "Lea@example.com", "password": password}
    assert client.post("/auth/login", json=credentials).status_code == 200
