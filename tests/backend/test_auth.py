from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.backend.accounts import (
    Account,
    UserPool,
    access_token,
    bearer,
    create_account,
    invite_account,
)

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient


def log_in(client: httpx.Client, account: Account) -> httpx.Response:
    credentials = {"email": account.email, "password": account.password}
    return client.post("/v1/auth/login", json=credentials)


def test_the_owner_logs_in(client: httpx.Client, pool: UserPool) -> None:
    answer = log_in(client, pool.owner)
    assert answer.status_code == 200
    session: dict[str, Any] = answer.json()
    assert session["user"] == {
        "id": pool.owner.subject,
        "email": pool.owner.email,
        "name": "Olive Owner",
        "role": "owner",
    }
    assert session["expiresIn"] == 3600
    assert client.get("/v1/auth/me", headers=bearer(session["token"])).json() == session["user"]


def test_a_user_without_group_and_name_is_public(
    client: httpx.Client, pool: UserPool, user_headers: dict[str, str]
) -> None:
    answer = client.get("/v1/auth/me", headers=user_headers)
    assert answer.json() == {
        "id": pool.user.subject,
        "email": pool.user.email,
        "name": pool.user.email.partition("@")[0],
        "role": "public",
    }


def test_a_wrong_email_and_a_wrong_password_are_told_alike(
    client: httpx.Client, pool: UserPool
) -> None:
    wrong_password = log_in(client, Account("", pool.owner.email, "Wrong-password-1"))
    wrong_email = log_in(client, Account("", "nobody@example.com", pool.owner.password))
    assert wrong_password.status_code == wrong_email.status_code == 401
    assert wrong_password.json() == wrong_email.json()
    assert wrong_password.headers["www-authenticate"] == "Bearer"


def test_a_password_to_be_changed_is_forbidden(
    client: httpx.Client, cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    answer = log_in(client, invite_account(cognito, pool.id))
    assert answer.status_code == 403
    assert "must be changed" in answer.json()["message"]


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, {"email": "is required", "password": "is required"}),
        ({"email": "x", "password": "secret-word"}, {"email": "must match ^[!-?A-~]+@[!-?A-~]+$"}),
        (
            {"email": "a@b.example", "password": 12345678},
            {"password": "must be a string that is not empty"},
        ),
        (
            {"email": "a@b.example", "password": ""},
            {"password": "must be a string that is not empty"},
        ),
        ({"email": "a@b.example", "password": "p" * 257}, {"password": "must be at most 256 long"}),
        (
            {"email": "a@b.example", "password": "secret-word", "passwort": "secret-word"},
            {"passwort": "is not a key of this body"},
        ),
    ],
)
def test_wrong_credentials_are_explained_and_not_repeated(
    client: httpx.Client, body: dict[str, Any], details: dict[str, str]
) -> None:
    answer = client.post("/v1/auth/login", json=body)
    assert answer.status_code == 400
    assert answer.json()["details"] == details
    assert "secret-word" not in answer.text


def test_logging_out_revokes_the_token_everywhere(
    client: httpx.Client, cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    account = create_account(cognito, pool.id)
    here, elsewhere = (bearer(access_token(cognito, pool, account)) for _ in range(2))
    answer = client.post("/v1/auth/logout", headers=here)
    assert answer.status_code == 200
    assert list(answer.json()) == ["message"]
    for headers in (here, elsewhere):
        refusal = client.get("/v1/auth/me", headers=headers)
        assert refusal.status_code == 401
        assert refusal.headers["www-authenticate"] == "Bearer"


def test_logging_out_twice_is_no_error(
    client: httpx.Client, cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    headers = bearer(access_token(cognito, pool, create_account(cognito, pool.id)))
    assert client.post("/v1/auth/logout", headers=headers).status_code == 200
    assert client.post("/v1/auth/logout", headers=headers).status_code == 200


def test_a_deleted_user_is_unauthorized(
    client: httpx.Client, cognito: "CognitoIdentityProviderClient", pool: UserPool
) -> None:
    account = create_account(cognito, pool.id)
    headers = bearer(access_token(cognito, pool, account))
    cognito.admin_delete_user(UserPoolId=pool.id, Username=account.email)
    assert client.get("/v1/auth/me", headers=headers).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/auth/logout"), ("GET", "/v1/auth/me")])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": ""}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}],
)
def test_a_token_is_needed(
    client: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"] == "Unauthorized"
