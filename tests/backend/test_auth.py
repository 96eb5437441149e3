"""Users that only an administrator of Cognito can create."""

from typing import TYPE_CHECKING

from tests.backend.accounts import UserPool, access_token, bearer, create_account

if TYPE_CHECKING:
    import httpx
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


def test_a_deleted_user_is_unauthorized(
    client: "httpx.Client", cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    account = create_account(cognito, pool.id)
    headers = bearer(access_token(cognito, pool, account))
    cognito.admin_delete_user(UserPoolId=pool.id, Username=account.email)
    answer = client.get("/auth/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
