"""The contract's section on tokens."""

from typing import Any, NamedTuple

import httpx
import pytest
from jose import jwt

from tests.backend.accounts import bearer
from tests.contract.calls import assert_refused, assert_unauthorized, create, path_of
from tests.contract.content_kinds import KINDS
from tests.contract.target import Credentials, Target

pytestmark = pytest.mark.gateway

SESSION = {"access_token", "id_token", "refresh_token", "token_type", "expires_in"}


def log_in(api: httpx.Client, email: str, password: str) -> httpx.Response:
    return api.post("/auth/login", json={"email": email, "password": password})


def session_of(api: httpx.Client, credentials: Credentials) -> dict[str, Any]:
    answer = log_in(api, credentials.email, credentials.password)
    assert answer.status_code == 200, answer.text
    session: dict[str, Any] = answer.json()
    return session


def refresh(api: httpx.Client, session: dict[str, Any]) -> httpx.Response:
    return api.post("/auth/refresh", json={"refresh_token": session["refresh_token"]})


def claims_of(token: str) -> dict[str, Any]:
    return jwt.get_unverified_claims(token)


def tampered(token: str) -> str:
    """A token with another signature."""
    body, _, signature = token.rpartition(".")
    return f"{body}.{signature[::-1]}"


@pytest.fixture
def session(api: httpx.Client, user_credentials: Credentials) -> dict[str, Any]:
    """The user's tokens; the tests sign the user out."""
    return session_of(api, user_credentials)


@pytest.fixture(params=["changed signature", "no token of anybody", "another scheme"])
def bad_headers(request: pytest.FixtureRequest, session: dict[str, Any]) -> dict[str, str]:
    return {
        "changed signature": bearer(tampered(session["id_token"])),
        "no token of anybody": bearer("a.b.c"),
        "another scheme": {"Authorization": f"Basic {session['id_token']}"},
    }[request.param]


# Logging in


def test_login_answers_three_tokens_their_type_and_their_seconds(
    api: httpx.Client, owner_credentials: Credentials
) -> None:
    session = session_of(api, owner_credentials)
    assert session.keys() == SESSION
    assert (session["token_type"], session["expires_in"]) == ("Bearer", 3600)
    claims = claims_of(session["id_token"])
    assert (claims["token_use"], claims["cognito:groups"]) == ("id", ["owner"])
    assert claims["exp"] - claims["iat"] == 3600
    access = claims_of(session["access_token"])
    assert (access["token_use"], access["sub"]) == ("access", claims["sub"])


def test_the_case_of_the_email_and_blanks_around_it_do_not_matter(
    api: httpx.Client, owner_credentials: Credentials
) -> None:
    email, password = owner_credentials.email, owner_credentials.password
    spellings = (email.upper(), email.title(), f"  {email}\t", f" {email.upper()}\n")
    for spelled in (*spellings, f"\x1f{email}\u2003", f"{email:^300}"):
        assert log_in(api, spelled, password).status_code == 200


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
        ({"email": "a b@example.com", "password": "swordfish"}, ("email",)),
        ({"email": "", "password": "swordfish"}, ("email",)),
        ({"email": "   ", "password": "swordfish"}, ("email",)),
        ({"email": "a@example.com", "password": ""}, ("password",)),
        ({"email": "a@example.com", "password": 7}, ("password",)),
        ({"email": "a@example.com", "password": "p" * 257}, ("password",)),
        ({"email": None, "password": "swordfish"}, ("email",)),
    ],
    ids=range(9),
)
def test_login_takes_an_email_and_a_password(
    api: httpx.Client, body: dict[str, object], fields: tuple[str, ...]
) -> None:
    answer = api.post("/auth/login", json=body)
    assert_refused(answer, 400, *fields)
    assert "swordfish" not in answer.text


def test_a_bad_token_sent_along_is_ignored_by_login_and_refresh(
    api: httpx.Client, user_credentials: Credentials, bad_headers: dict[str, str]
) -> None:
    credentials = {"email": user_credentials.email, "password": user_credentials.password}
    answer = api.post("/auth/login", json=credentials, headers=bad_headers)
    assert answer.status_code == 200
    body = {"refresh_token": answer.json()["refresh_token"]}
    assert api.post("/auth/refresh", json=body, headers=bad_headers).status_code == 200


# Refreshing


def test_refresh_answers_new_tokens_and_the_old_refresh_token(
    api: httpx.Client, session: dict[str, Any]
) -> None:
    answer = refresh(api, session)
    assert answer.status_code == 200
    new = answer.json()
    assert new.keys() == SESSION
    assert (new["token_type"], new["expires_in"]) == ("Bearer", 3600)
    assert new["refresh_token"] == session["refresh_token"]
    for name in ("access_token", "id_token"):
        assert new[name] != session[name]
        assert claims_of(new[name])["sub"] == claims_of(session[name])["sub"]
    me = api.get("/auth/me", headers=bearer(new["id_token"]))
    assert me.json() == api.get("/auth/me", headers=bearer(session["id_token"])).json()


@pytest.mark.parametrize(
    "token", ["swordfish", "a.b.c", " ", "ä", "x" * 5000], ids=lambda value: value[:10]
)
def test_an_unusable_refresh_token_is_401(api: httpx.Client, token: str) -> None:
    answer = api.post("/auth/refresh", json={"refresh_token": token})
    assert_refused(answer, 401)
    assert "swordfish" not in answer.text


def test_the_other_tokens_do_not_refresh(api: httpx.Client, session: dict[str, Any]) -> None:
    for name in ("access_token", "id_token"):
        assert_refused(api.post("/auth/refresh", json={"refresh_token": session[name]}), 401)


@pytest.mark.parametrize("body", [{}, {"refresh_token": ""}, {"refresh_token": None}])
def test_a_missing_or_empty_refresh_token_is_400(api: httpx.Client, body: dict[str, Any]) -> None:
    assert_refused(api.post("/auth/refresh", json=body), 400, "refresh_token")


def test_refresh_without_a_body_is_400(api: httpx.Client) -> None:
    assert api.post("/auth/refresh").status_code == 400


# The user


def test_me_is_the_user_of_the_id_token(
    api: httpx.Client, owner_credentials: Credentials, user_credentials: Credentials
) -> None:
    for credentials, role in ((owner_credentials, "owner"), (user_credentials, "public")):
        token = session_of(api, credentials)["id_token"]
        answer = api.get("/auth/me", headers=bearer(token))
        assert answer.status_code == 200
        claims, user = claims_of(token), answer.json()
        name = user.pop("name")
        assert name == claims.get("name", claims["email"].partition("@")[0])
        assert user == {
            "sub": claims["sub"],
            "id": claims["sub"],
            "user_id": claims["sub"],
            "email": credentials.email,
            "email_verified": True,
            "cognito:username": claims["cognito:username"],
            "custom:role": role,
            "role": role,
        }


def test_a_user_without_a_name_goes_by_the_email_before_the_at(
    api: httpx.Client,
    target: Target,
    owner_credentials: Credentials,
    user_credentials: Credentials,
) -> None:
    if not target.is_ours_alone:
        pytest.skip("whether the users of another stage have names is not known")
    for credentials in (owner_credentials, user_credentials):
        headers = bearer(session_of(api, credentials)["id_token"])
        user = api.get("/auth/me", headers=headers).json()
        assert user["name"] == (credentials.name or credentials.email.partition("@")[0])


def test_the_case_of_the_scheme_does_not_matter(api: httpx.Client, session: dict[str, Any]) -> None:
    for scheme in ("bearer", "BEARER", "bEaReR"):
        headers = {"Authorization": f"{scheme} {session['id_token']}"}
        assert api.get("/auth/me", headers=headers).status_code == 200


# Bad tokens


class Items(NamedTuple):
    """Paths of a list, and of two items in it."""

    base: str
    draft: str
    published: str


def guarded_calls(items: list[Items]) -> list[tuple[str, str]]:
    """Return calls of operations that need a token."""
    calls = [("GET", "/auth/me"), ("POST", "/auth/logout"), ("GET", "/visitors/trends/daily")]
    return calls + [
        call for each in items for call in (("POST", each.base), ("DELETE", each.draft))
    ]


@pytest.fixture(scope="module")
def items(owner: httpx.Client) -> list[Items]:
    return [
        Items(
            kind.base,
            path_of(kind, create(owner, kind)),
            path_of(kind, create(owner, kind, published=True)),
        )
        for kind in KINDS
    ]


def test_a_bad_token_is_ignored_where_none_is_needed(
    api: httpx.Client, items: list[Items], bad_headers: dict[str, str]
) -> None:
    for each in items:
        for path in (f"{each.base}?limit=1", each.published):
            assert api.get(path, headers=bad_headers).status_code == 200
        assert_refused(api.get(each.draft, headers=bad_headers), 404)
    for path in ("/health", "/blogs/categories", "/visitors/count"):
        assert api.get(path, headers=bad_headers).status_code == 200


def test_an_access_token_is_ignored_like_any_bad_token(
    api: httpx.Client, items: list[Items], session: dict[str, Any]
) -> None:
    headers = bearer(session["access_token"])
    for each in items:
        assert api.get(each.published, headers=headers).status_code == 200
        assert_refused(api.get(each.draft, headers=headers), 404)
        assert_refused(api.get(f"{each.base}?status=draft", headers=headers), 401)


@pytest.mark.parametrize("status", ["draft", "all"])
def test_a_bad_token_is_401_where_drafts_are_listed(
    api: httpx.Client, items: list[Items], bad_headers: dict[str, str], status: str
) -> None:
    for each in items:
        answer = api.get(each.base, params={"status": status}, headers=bad_headers)
        assert_refused(answer, 401)
        assert "log in, or refresh the token" in answer.json()["message"]


def test_a_bad_token_is_401_where_one_is_needed(
    api: httpx.Client,
    target: Target,
    items: list[Items],
    bad_headers: dict[str, str],
) -> None:
    for method, path in guarded_calls(items):
        assert_unauthorized(target, api.request(method, path, headers=bad_headers))


def test_an_access_token_is_401_where_an_id_token_is_needed(
    api: httpx.Client, items: list[Items], session: dict[str, Any]
) -> None:
    headers = bearer(session["access_token"])
    for method, path in guarded_calls(items):
        # The gateway's authorizer lets it pass, so the function answers.
        assert_refused(api.request(method, path, headers=headers), 401)


# Logging out


def test_logout_with_the_access_token_signs_out_everywhere(
    api: httpx.Client, user_credentials: Credentials
) -> None:
    here, elsewhere = (session_of(api, user_credentials) for _ in range(2))
    headers, body = bearer(here["id_token"]), {"access_token": here["access_token"]}
    for _ in range(2):
        answer = api.post("/auth/logout", headers=headers, json=body)
        assert answer.status_code == 200
        assert answer.json().keys() == {"message"}
    for session in (here, elsewhere):
        assert_refused(refresh(api, session), 401)
        # ID tokens are valid until they expire.
        assert api.get("/auth/me", headers=bearer(session["id_token"])).status_code == 200
    assert refresh(api, session_of(api, user_credentials)).status_code == 200


@pytest.mark.parametrize("name", ["id_token", "refresh_token"])
def test_logout_with_another_token_revokes_nothing(
    api: httpx.Client, session: dict[str, Any], name: str
) -> None:
    body = {"access_token": session[name]}
    answer = api.post("/auth/logout", headers=bearer(session["id_token"]), json=body)
    assert answer.status_code == 200
    assert refresh(api, session).status_code == 200


def test_logout_with_the_access_token_of_somebody_else_revokes_nothing(
    api: httpx.Client, session: dict[str, Any], owner_credentials: Credentials
) -> None:
    theirs = session_of(api, owner_credentials)
    body = {"access_token": theirs["access_token"]}
    answer = api.post("/auth/logout", headers=bearer(session["id_token"]), json=body)
    assert answer.status_code == 200
    for each in (session, theirs):
        assert refresh(api, each).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"access_token": ""}',
        b'{"access_token": null}',
        b'{"access_token": 7}',
        b'{"access_token": "a.b.c"}',
        b'["access_token"]',
        b"null",
        b"not JSON",
        b"\xff",
    ],
)
@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
def test_logout_without_a_good_access_token_revokes_nothing(
    api: httpx.Client, session: dict[str, Any], content: bytes, media_type: str
) -> None:
    headers = {**bearer(session["id_token"]), "Content-Type": media_type}
    answer = api.post("/auth/logout", headers=headers, content=content)
    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == {"message"}
    assert refresh(api, session).status_code == 200


def test_logout_without_an_id_token_is_401(
    api: httpx.Client, target: Target, session: dict[str, Any]
) -> None:
    body = {"access_token": session["access_token"]}
    assert_unauthorized(target, api.post("/auth/logout", json=body))
    assert refresh(api, session).status_code == 200
