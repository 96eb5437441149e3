"""Answers while AWS is busy or out of reach; a server of ours takes its place."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from botocore.exceptions import ClientError

from portfolio.local.emulator import free_port
from src.app import create_app
from src.utils.aws_errors import is_temporary
from src.utils.signing_keys import SigningKeys
from src.utils.tokens import TokenVerifier
from tests.backend.accounts import bearer
from tests.backend.app_client import connect
from tests.backend.key_pairs import KeyPair, access_claims, as_key_set, id_claims, make_key_pair
from tests.backend.loopback import LoopbackServer, run_loopback_server

if TYPE_CHECKING:
    from src.config import Settings

CREDENTIALS: Final = {"email": "owner@example.com", "password": "swordfish"}
REFRESH: Final = {"refresh_token": "swordfish"}


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with run_loopback_server() as running:
        yield running


@pytest.fixture
def aws_client(settings: "Settings", server: LoopbackServer) -> Iterator[httpx.Client]:
    """Calls an app with our server as every AWS API."""
    with connect(
        create_app(settings.model_copy(update={"aws_endpoint_url": server.url}))
    ) as client:
        yield client


@dataclass(frozen=True)
class SignedIn:
    """The owner with tokens of the pool; our server has its key."""

    key_pair: KeyPair
    issuer: str
    client_id: str

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.key_pair.sign(id_claims(self.issuer, self.client_id)))

    def access_token(self, **changes: object) -> dict[str, str]:
        """The body with the token, some of its claims changed."""
        claims = access_claims(self.issuer, self.client_id) | changes
        return {"access_token": self.key_pair.sign(claims)}


@pytest.fixture
def owner(server: LoopbackServer, settings: "Settings") -> SignedIn:
    pair = make_key_pair("key-1")
    server.body = as_key_set(pair)
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{settings.cognito_user_pool_id}"
    return SignedIn(pair, issuer, settings.cognito_client_id)


def refuse(server: LoopbackServer, code: str, message: str = "of swordfish") -> None:
    server.status = 400
    server.body = json.dumps({"__type": code, "message": message}).encode()


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException"])
def test_throttling_past_its_retries_is_unavailable(
    aws_client: httpx.Client, server: LoopbackServer, code: str
) -> None:
    refuse(server, code)
    answer = aws_client.post("/auth/refresh", json=REFRESH)
    assert answer.status_code == 503
    assert answer.json()["error"] == "Service Unavailable"
    assert answer.headers["retry-after"] == "1"
    # Long pauses leave no time for the fourth.
    assert 2 <= len(server.paths) <= 4


def test_aws_that_cannot_be_reached_is_unavailable(settings: "Settings") -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    app = create_app(settings.model_copy(update={"aws_endpoint_url": nowhere}))
    with connect(app) as client:
        answer = client.post("/auth/login", json=CREDENTIALS)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NotAuthorizedException", 401),
        ("UserNotFoundException", 401),
        ("UserNotConfirmedException", 403),
        ("PasswordResetRequiredException", 403),
        ("LimitExceededException", 429),
        ("TooManyRequestsException", 429),
        ("InvalidParameterException", 500),
    ],
)
def test_cognito_s_refusals_of_a_login(
    aws_client: httpx.Client, server: LoopbackServer, code: str, status: int
) -> None:
    refuse(server, code)
    answer = aws_client.post("/auth/login", json=CREDENTIALS)
    assert answer.status_code == status
    assert "swordfish" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 429)


def test_a_user_locked_out_after_wrong_passwords_is_told_to_wait(
    aws_client: httpx.Client, server: LoopbackServer
) -> None:
    refuse(server, "NotAuthorizedException", "Password attempts exceeded")
    answer = aws_client.post("/auth/login", json=CREDENTIALS)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


def test_capitals_in_an_address_cost_a_second_try_only_where_the_first_is_refused(
    aws_client: httpx.Client, server: LoopbackServer
) -> None:
    credentials = {**CREDENTIALS, "email": "Owner@Example.com"}
    for code, tries in (("NotAuthorizedException", 2), ("UserNotConfirmedException", 1)):
        server.paths.clear()
        refuse(server, code)
        aws_client.post("/auth/login", json=credentials)
        assert len(server.paths) == tries


def test_a_challenge_the_api_does_not_know_is_forbidden(
    aws_client: httpx.Client, server: LoopbackServer
) -> None:
    server.body = json.dumps({"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "x"}).encode()
    for path, body in (("/auth/login", CREDENTIALS), ("/auth/refresh", REFRESH)):
        assert aws_client.post(path, json=body).status_code == 403


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NotAuthorizedException", 401),
        ("UserNotFoundException", 401),
        ("UserNotConfirmedException", 401),
        ("PasswordResetRequiredException", 401),
        ("InternalErrorException", 503),
        ("InvalidParameterException", 500),
    ],
)
def test_cognito_s_refusals_of_a_refresh(
    aws_client: httpx.Client, server: LoopbackServer, code: str, status: int
) -> None:
    refuse(server, code)
    answer = aws_client.post("/auth/refresh", json=REFRESH)
    assert answer.status_code == status
    assert "swordfish" not in answer.text


@pytest.mark.parametrize("token", ["a b", "é", "a\nb", "\x00", "{}"])
def test_a_refresh_token_unlike_any_of_cognito_s_is_not_sent_there(
    aws_client: httpx.Client, server: LoopbackServer, token: str
) -> None:
    assert aws_client.post("/auth/refresh", json={"refresh_token": token}).status_code == 401
    assert server.paths == []


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NotAuthorizedException", 200),
        ("UserNotFoundException", 200),
        ("TooManyRequestsException", 503),
        ("LimitExceededException", 503),
        ("InternalErrorException", 503),
        ("InvalidParameterException", 500),
    ],
)
def test_cognito_s_refusals_of_a_logout(
    aws_client: httpx.Client, server: LoopbackServer, owner: SignedIn, code: str, status: int
) -> None:
    assert aws_client.get("/auth/me", headers=owner.headers).status_code == 200
    refuse(server, code)
    answer = aws_client.post("/auth/logout", headers=owner.headers, json=owner.access_token())
    assert answer.status_code == status


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "another"},
        {"client_id": "another"},
        {"token_use": "id"},
        {"exp": 0},
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"},
    ],
    ids=str,
)
def test_an_access_token_that_is_not_the_caller_s_is_not_sent_to_cognito(
    aws_client: httpx.Client, server: LoopbackServer, owner: SignedIn, changes: dict[str, object]
) -> None:
    body = owner.access_token(**changes)
    assert aws_client.post("/auth/logout", headers=owner.headers, json=body).status_code == 200
    # The one request is for the keys.
    assert len(server.paths) == 1


def test_keys_that_cannot_be_had_leave_tokens_undecided(
    aws_client: httpx.Client, server: LoopbackServer, owner: SignedIn
) -> None:
    server.status = 500
    for path in ("/auth/me", "/blogs?status=draft"):
        answer = aws_client.get(path, headers=owner.headers)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
    server.status = 200
    assert aws_client.get("/auth/me", headers=owner.headers).status_code == 200


def test_public_reads_with_a_token_need_no_keys(
    settings: "Settings", server: LoopbackServer, owner: SignedIn
) -> None:
    app = create_app(settings)
    server.status = 500
    keys = SigningKeys(f"{server.url}/jwks.json")
    app.state.services.token_verifier = TokenVerifier("issuer", "client", keys)
    with connect(app) as client:
        headers = owner.headers
        assert client.get("/blogs", headers=headers).status_code == 200
        assert client.get("/visitors/count", headers=headers).status_code == 200
    assert server.paths == []


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InternalErrorException", 500),
        ("InternalServerError", 500),
        ("ServiceUnavailable", 503),
        ("SomethingNewException", 502),
    ],
)
@pytest.mark.parametrize("path", ["/auth/login", "/visitors/track"])
def test_failures_of_aws_itself_are_unavailable(
    aws_client: httpx.Client, server: LoopbackServer, path: str, code: str, status: int
) -> None:
    refuse(server, code)
    server.status = status
    answer = aws_client.post(path, json=CREDENTIALS)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "swordfish" not in answer.text


def test_a_failure_of_aws_without_a_readable_body_is_unavailable(
    aws_client: httpx.Client, server: LoopbackServer
) -> None:
    server.status, server.body = 503, b"<html>swordfish</html>"
    answer = aws_client.post("/visitors/track")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/blogs/6f1c0f7a-5b0e-4c7c-9a53-0b8d0e6b7c11"), ("POST", "/auth/login")],
)
def test_an_answer_without_a_body_is_a_failure_of_aws(
    aws_client: httpx.Client, server: LoopbackServer, method: str, path: str
) -> None:
    server.body = b""
    answer = aws_client.request(method, path, json=CREDENTIALS)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert len(server.paths) == 4


def test_a_sign_out_may_be_answered_without_a_body(
    aws_client: httpx.Client, server: LoopbackServer, owner: SignedIn
) -> None:
    aws_client.get("/auth/me", headers=owner.headers)
    server.body = b""
    answer = aws_client.post("/auth/logout", headers=owner.headers, json=owner.access_token())
    assert answer.status_code == 200, answer.text
    assert len(server.paths) == 2


@pytest.mark.parametrize(
    ("code", "reasons", "temporary"),
    [
        ("ThrottlingException", [], True),
        ("ProvisionedThroughputExceededException", [], True),
        ("RequestLimitExceeded", [], True),
        ("InternalServerError", [], True),
        ("ServiceUnavailable", [], True),
        ("InternalErrorException", [], True),
        ("TransactionCanceledException", ["None", "ThrottlingError"], True),
        ("TransactionCanceledException", ["ConditionalCheckFailed"], False),
        ("ConditionalCheckFailedException", [], False),
    ],
)
def test_which_errors_are_temporary(code: str, reasons: list[str], *, temporary: bool) -> None:
    error = ClientError(
        {
            "Error": {"Code": code},
            "CancellationReasons": [{"Code": reason, "Message": ""} for reason in reasons],
        },
        "TransactWriteItems",
    )
    assert is_temporary(error) == temporary
