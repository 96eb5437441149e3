"""The contract's section on auth."""

import httpx
import pytest
from jose import jwt

from tests.backend.accounts import bearer
from tests.contract.calls import assert_refused
from tests.contract.target import Credentials, Target

pytestmark = pytest.mark.gateway


def log_in(api: httpx.Client, email: str, password: str) -> httpx.Response:
    return api.post("/auth/login", json={"email": email, "password": password})


def token_of(api: httpx.Client, credentials: Credentials) -> dict[str, str]:
    answer = log_in(api, credentials.email, credentials.password)
    assert answer.status_code == 200, answer.text
    return bearer(answer.json()["token"])


# Logging in


def test_login_answers_the_user_a_token_and_its_seconds(
    api: httpx.Client, owner_credentials: Credentials
) -> None:
    answer = log_in(api, owner_credentials.email, owner_credentials.password)
    assert answer.status_code == 200
    session = answer.json()
    assert session.keys() == {"user", "token", "expiresIn"}
    assert session["user"].keys() == {"id", "email", "name", "role"}
    assert session["user"]["email"] == owner_credentials.email
    assert session["user"]["role"] == "owner"
    assert session["expiresIn"] == 60 * 60
    assert api.get("/auth/me", headers=bearer(session["token"])).json() == session["user"]


def test_a_wrong_email_and_a_wrong_password_are_401_with_one_body(
    api: httpx.Client, owner_credentials: Credentials
) -> None:
    wrong_email = log_in(api, "nobody@example.com", owner_credentials.password)
    wrong_password = log_in(api, owner_credentials.email, "Wrong-password-1")
    for answer in (wrong_email, wrong_password):
        assert_refused(answer, 401)
    assert wrong_email.content == wrong_password.content


def test_a_password_to_be_changed_first_is_403_saying_so(api: httpx.Client, target: Target) -> None:
    if target.invited is None:
        pytest.skip("INVITED_EMAIL and INVITED_PASSWORD are not set")
    answer = log_in(api, target.invited.email, target.invited.password)
    assert_refused(answer, 403)
    assert "password must be changed" in answer.json()["message"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ("email", "password")),
        ({"email": "swordfish", "password": "swordfish"}, ("email",)),
        ({"email": "a@example.com", "password": ""}, ("password",)),
        ({"email": "a@example.com", "password": 7}, ("password",)),
        ({"email": "a@example.com", "password": "p" * 257}, ("password",)),
        ({"email": None, "password": "swordfish"}, ("email",)),
        ({"email": "a@example.com", "password": "swordfish", "extra": 1}, ("extra",)),
    ],
    ids=range(7),
)
def test_login_takes_an_email_and_a_password_and_nothing_else(
    api: httpx.Client, body: dict[str, object], fields: tuple[str, ...]
) -> None:
    answer = api.post("/auth/login", json=body)
    assert_refused(answer, 400, *fields)
    assert "swordfish" not in answer.text


# Users


def test_me_is_the_user_of_the_token(
    api: httpx.Client, owner_credentials: Credentials, user_credentials: Credentials
) -> None:
    for credentials, role in ((owner_credentials, "owner"), (user_credentials, "public")):
        headers = token_of(api, credentials)
        answer = api.get("/auth/me", headers=headers)
        assert answer.status_code == 200
        user = answer.json()
        assert user.keys() == {"id", "email", "name", "role"}
        assert (user["email"], user["role"]) == (credentials.email, role)
        assert user["id"] == jwt.get_unverified_claims(headers["Authorization"].split()[1])["sub"]


def test_a_user_without_a_name_goes_by_the_email_before_the_at(
    api: httpx.Client,
    target: Target,
    owner_credentials: Credentials,
    user_credentials: Credentials,
) -> None:
    if not target.is_ours_alone:
        pytest.skip("whether the users of another stage have names is not known")
    for credentials in (owner_credentials, user_credentials):
        user = api.get("/auth/me", headers=token_of(api, credentials)).json()
        assert user["name"] == (credentials.name or credentials.email.partition("@")[0])


# Logging out


def test_logout_signs_out_everywhere_and_other_routes_accept_the_token_until_it_expires(
    api: httpx.Client, user_credentials: Credentials
) -> None:
    here, elsewhere = (token_of(api, user_credentials) for _ in range(2))
    for _ in range(2):
        answer = api.post("/auth/logout", headers=here)
        assert answer.status_code == 200
        assert answer.json().keys() == {"message"}
    for headers in (here, elsewhere):
        assert_refused(api.get("/auth/me", headers=headers), 401)
        # Not 401: the token is good, and its user not the owner.
        assert_refused(api.get("/blogs?status=all", headers=headers), 403)
    assert api.get("/auth/me", headers=token_of(api, user_credentials)).status_code == 200
