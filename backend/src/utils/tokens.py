"""Verification of Cognito's access tokens.

AWS's rules: https://docs.aws.amazon.com/cognito/latest/developerguide/
amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

from typing import TYPE_CHECKING, Any, Final, Self

from jose import jwt
from jose.constants import ALGORITHMS
from jose.exceptions import JOSEError

from src.models.principal import Principal
from src.utils.errors import UnauthorizedError
from src.utils.signing_keys import SigningKeys

if TYPE_CHECKING:
    from jose.backends.base import Key

    from src.config import Settings

_REQUIRED_SCOPE: Final = "aws.cognito.signin.user.admin"
"""The scope of a login by password; it allows users to read their own account."""

_OPTIONS: Final = {
    "require_exp": True,
    "require_iss": True,
    "require_sub": True,
    # An access token has its client in `client_id`.
    "verify_aud": False,
}


class TokenVerifier:
    """Verifier of the access tokens of one app client of one user pool."""

    def __init__(self, issuer: str, client_id: str, keys: SigningKeys) -> None:
        """Accept tokens with this `iss` and `client_id`, signed with one of the keys."""
        self._issuer = issuer
        self._client_id = client_id
        self._keys = keys

    @classmethod
    def for_pool(cls, settings: "Settings") -> Self:
        """Make the verifier of the stage's user pool."""
        pool = settings.cognito_user_pool_id
        issuer = f"https://cognito-idp.{settings.aws_region}.amazonaws.com/{pool}"
        # The emulator serves the keys itself, but AWS is the issuer in its tokens.
        base = f"{settings.aws_endpoint_url}/{pool}" if settings.aws_endpoint_url else issuer
        keys = SigningKeys(f"{base}/.well-known/jwks.json")
        return cls(issuer, settings.cognito_client_id, keys)

    def verify(self, token: str) -> Principal:
        """Return the bearer of the token.

        Raises:
            UnauthorizedError: if it is not a valid access token of this client.
            ServiceUnavailableError: if the pool's keys cannot be read.
        """
        claims = self._decode(token)
        if claims is None or not self._is_ours(claims):
            raise UnauthorizedError("The access token is not valid, or has expired.")
        return Principal(claims["sub"], _groups(claims), token)

    def _decode(self, token: str) -> dict[str, Any] | None:
        key = self._choose_key(token)
        if key is None:
            return None
        try:
            return jwt.decode(token, key, [ALGORITHMS.RS256], _OPTIONS, issuer=self._issuer)
        except (JOSEError, ArithmeticError, RecursionError, TypeError, ValueError):
            # python-jose lets Python's own errors through if a claim is odd or nested too deeply.
            return None

    def _choose_key(self, token: str) -> "Key | None":
        """Return the key named by the token; python-jose would try every key of a set."""
        try:
            key_id: object = jwt.get_unverified_header(token).get("kid")
        except JOSEError:
            return None
        return self._keys.find(key_id) if isinstance(key_id, str) else None

    def _is_ours(self, claims: dict[str, Any]) -> bool:
        """Return True for the claims of an access token; an ID token has no scope."""
        subject, scope = claims["sub"], claims.get("scope")
        return (
            claims.get("token_use") == "access"
            and claims.get("client_id") == self._client_id
            and isinstance(scope, str)
            and _REQUIRED_SCOPE in scope.split()
            and subject != ""
        )


def _groups(claims: dict[str, Any]) -> frozenset[str]:
    match claims.get("cognito:groups"):
        case [*groups]:
            return frozenset(group for group in groups if isinstance(group, str))
        case _:
            return frozenset()
