"""Answers while AWS is busy or out of reach; a server of ours takes its place."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import httpx
import pytest
from botocore.exceptions import ClientError

from portfolio.local.emulator import free_port
from src.app import create_app
from src.utils.aws_errors import is_temporary
from tests.backend.accounts import bearer
from tests.backend.app_client import connect
from tests.backend.key_pairs import access_claims, as_key_set, make_key_pair
from tests.backend.loopback import LoopbackServer, run_loopback_server

if TYPE_CHECKING:
    from src.config import Settings

CREDENTIALS: Final = {"email": "owner@example.com", "password": "swordfish"}


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


def refuse(server: LoopbackServer, code: str) -> None:
    server.status = 400
    server.body = json.dumps({"__type": code, "message": f"{code} of swordfish"}).encode()


def test_throttling_past_its_retries_is_unavailable(
    aws_client: httpx.Client, server: LoopbackServer
) -> None:
    refuse(server, "TooManyRequestsException")
    answer = aws_client.post("/auth/login", json=CREDENTIALS)
    assert answer.status_code == 503
    assert answer.json()["error"] == "Service Unavailable"
    assert answer.headers["retry-after"] == "1"
    assert len(server.paths) == 4


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
        ("UserNotConfirmedException", 401),
        ("PasswordResetRequiredException", 403),
        ("LimitExceededException", 429),
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


def test_a_challenge_the_api_does_not_know_is_forbidden(
    aws_client: httpx.Client, server: LoopbackServer
) -> None:
    server.body = json.dumps({"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "x"}).encode()
    assert aws_client.post("/auth/login", json=CREDENTIALS).status_code == 403


def test_keys_that_cannot_be_had_leave_tokens_undecided(
    aws_client: httpx.Client, server: LoopbackServer, settings: "Settings"
) -> None:
    pair = make_key_pair("key-1")
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{settings.cognito_user_pool_id}"
    headers = bearer(pair.sign(access_claims(issuer, settings.cognito_client_id)))
    server.status = 500
    answer = aws_client.get("/auth/me", headers=headers)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    server.status, server.body = 200, as_key_set(pair)
    # The token is good now, and Cognito's answer is the key set: a failure of another kind.
    assert aws_client.get("/auth/me", headers=headers).status_code == 500


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
