"""Users of the site, stored in Cognito."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from src.models.user import Role, User
from src.utils.aws_errors import error_code
from src.utils.errors import ForbiddenError, TooManyRequestsError, UnauthorizedError

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

    from src.models.principal import Principal

_REFUSALS: Final = frozenset(
    {"NotAuthorizedException", "UserNotConfirmedException", "UserNotFoundException"}
)
"""Error codes of Cognito for an unknown user, password or token."""

_NEW_PASSWORD_MESSAGE: Final = "This password must be changed before it can be used to log in."  # noqa: S105


@dataclass(frozen=True)
class AccessToken:
    """A new access token from Cognito."""

    value: str = field(repr=False)
    expires_in: int
    """Lifetime in seconds."""


class UserRepository:
    """Calls of Cognito on behalf of the users themselves."""

    def __init__(self, cognito: "CognitoIdentityProviderClient", client_id: str) -> None:
        """Use an unsigned client, and the id of the app client for logins."""
        self._cognito = cognito
        self._client_id = client_id

    def log_in(self, email: str, password: str) -> AccessToken:
        """Exchange a password for an access token.

        Raises:
            UnauthorizedError: if the e-mail or the password is wrong; one message for both.
            ForbiddenError: if Cognito requires more than the password, such as a new one.
            TooManyRequestsError: if Cognito reports too many attempts.
        """
        with _explain_refusal("The e-mail or the password is wrong."):
            answer = self._cognito.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        match answer:
            case {"AuthenticationResult": {"AccessToken": str(token), "ExpiresIn": int(seconds)}}:
                return AccessToken(token, seconds)
            case {"ChallengeName": "NEW_PASSWORD_REQUIRED"}:
                raise ForbiddenError(_NEW_PASSWORD_MESSAGE)
            case _:
                raise ForbiddenError(
                    "This account needs a login step that the API does not support."
                )

    def get(self, principal: "Principal") -> User:
        """Return the user of a token.

        Raises:
            UnauthorizedError: if the token was revoked, or the user was deleted.
        """
        with _explain_refusal("The access token was revoked: log in again."):
            answer = self._cognito.get_user(AccessToken=principal.token)
        attributes = {item["Name"]: item.get("Value", "") for item in answer["UserAttributes"]}
        email = attributes["email"]
        return User(
            id=principal.subject,
            email=email,
            name=attributes.get("name") or email.partition("@")[0],
            role=Role.OWNER if principal.is_owner else Role.PUBLIC,
        )

    def log_out(self, principal: "Principal") -> None:
        """Revoke every token of the user; do nothing if the token was revoked already.

        Raises:
            TooManyRequestsError: if Cognito reports too many attempts.
        """
        try:
            with _explain_refusal("The access token was revoked already."):
                self._cognito.global_sign_out(AccessToken=principal.token)
        except UnauthorizedError:
            return


@contextmanager
def _explain_refusal(message: str) -> Generator[None]:
    """Turn errors of Cognito into those of the API; `message` is for a 401."""
    try:
        yield
    except ClientError as error:
        code = error_code(error)
        if code in _REFUSALS:
            raise UnauthorizedError(message) from None
        if code == "PasswordResetRequiredException":
            raise ForbiddenError(_NEW_PASSWORD_MESSAGE) from None
        if code == "LimitExceededException":
            raise TooManyRequestsError("Too many attempts: wait a minute.") from None
        raise
