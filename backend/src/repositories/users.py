"""Users of the site, stored in Cognito."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from src.models.user import Session
from src.utils.aws_errors import error_code
from src.utils.errors import ApiError, ForbiddenError, TooManyRequestsError, UnauthorizedError

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_cognito_idp.type_defs import InitiateAuthResponseTypeDef

type _Refusals = Mapping[str, tuple[type[ApiError], str]]

_TOKEN: Final = re.compile(r"[A-Za-z0-9_.=-]+", re.ASCII)
"""The characters of Cognito's tokens (API reference, `TokenModelType`)."""

_LOCKED_OUT: Final = "Password attempts exceeded"
"""Cognito's message after five wrong passwords, with the code of a wrong password."""

_NEW_PASSWORD: Final = (
    ForbiddenError,
    "This password must be changed before it can be used to log in.",
)
_UNCONFIRMED: Final = (
    ForbiddenError,
    "This account is not confirmed: ask the owner of the site to set its password.",
)
_THROTTLED: Final = (TooManyRequestsError, "Too many attempts: wait a minute, then try again.")
_WRONG: Final = (UnauthorizedError, "The e-mail or the password is wrong.")
_UNUSABLE: Final = (
    UnauthorizedError,
    "The refresh token is not valid or has expired: log in again.",
)

_LOGIN_REFUSALS: Final[_Refusals] = {
    "NotAuthorizedException": _WRONG,
    "UserNotFoundException": _WRONG,
    "UserNotConfirmedException": _UNCONFIRMED,
    "PasswordResetRequiredException": _NEW_PASSWORD,
    "LimitExceededException": _THROTTLED,
    "TooManyRequestsException": _THROTTLED,
    _LOCKED_OUT: _THROTTLED,
}
_REFRESH_REFUSALS: Final[_Refusals] = {
    "NotAuthorizedException": _UNUSABLE,
    "UserNotFoundException": _UNUSABLE,
    "UserNotConfirmedException": _UNUSABLE,
    "PasswordResetRequiredException": _UNUSABLE,
}
_REVOKED: Final = frozenset({"NotAuthorizedException", "UserNotFoundException"})
"""Error codes for an access token of a signed-out, disabled or deleted user."""


class UserRepository:
    """Calls of Cognito on behalf of the users themselves."""

    def __init__(self, cognito: "CognitoIdentityProviderClient", client_id: str) -> None:
        """Use an unsigned client, and the id of the app client for logins."""
        self._cognito = cognito
        self._client_id = client_id

    def log_in(self, email: str, password: str) -> Session:
        """Exchange a password for tokens; the case of the e-mail does not matter.

        Raises:
            UnauthorizedError: if the e-mail or the password is wrong; one message for both.
            ForbiddenError: if Cognito requires more than the password, such as a new one.
            TooManyRequestsError: if Cognito reports too many attempts.
        """
        try:
            return self._log_in_as(email, password)
        except UnauthorizedError:
            # An adopted user pool may be case-sensitive, so the spelling sent comes first.
            if email == email.lower():
                raise
            return self._log_in_as(email.lower(), password)

    def refresh(self, refresh_token: str) -> Session:
        """Exchange a refresh token for new access and ID tokens.

        Raises:
            UnauthorizedError: if the token is unknown, expired or revoked.
        """
        if not _TOKEN.fullmatch(refresh_token):
            kind, message = _UNUSABLE
            raise kind(message)
        with _explained(_REFRESH_REFUSALS):
            answer = self._cognito.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": refresh_token},
            )
        return _session(answer, refresh_token)

    def sign_out_everywhere(self, access_token: str) -> bool:
        """Revoke all refresh and access tokens of a user.

        Returns:
            False if this access token was revoked already.
        """
        try:
            self._cognito.global_sign_out(AccessToken=access_token)
        except ClientError as error:
            if error_code(error) in _REVOKED:
                return False
            raise
        return True

    def _log_in_as(self, username: str, password: str) -> Session:
        with _explained(_LOGIN_REFUSALS):
            answer = self._cognito.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": password},
            )
        return _session(answer)


def _session(answer: "InitiateAuthResponseTypeDef", refresh_token: str = "") -> Session:
    """Return the tokens of an answer; the one to a refresh lacks the refresh token.

    Raises:
        ForbiddenError: if the answer is a challenge.
    """
    match answer:
        case {
            "AuthenticationResult": {
                "AccessToken": str(access),
                "IdToken": str(id_token),
                "ExpiresIn": int(seconds),
            } as new
        }:
            return Session(
                access_token=access,
                id_token=id_token,
                refresh_token=new.get("RefreshToken") or refresh_token,
                token_type="Bearer",  # noqa: S106 - not a secret
                expires_in=seconds,
            )
        case {"ChallengeName": "NEW_PASSWORD_REQUIRED"}:
            kind, message = _NEW_PASSWORD
            raise kind(message)
        case _:
            raise ForbiddenError("This account needs a login step that the API does not support.")


@contextmanager
def _explained(refusals: _Refusals) -> Generator[None]:
    """Turn Cognito's refusals into errors of the API, and leave all other errors as they are."""
    try:
        yield
    except ClientError as error:
        refusal = refusals.get(_reason(error))
        if refusal is None:
            raise
        kind, message = refusal
        raise kind(message) from None


def _reason(error: ClientError) -> str:
    message = error.response.get("Error", {}).get("Message", "")
    return message if message == _LOCKED_OUT else error_code(error)
