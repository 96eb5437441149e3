"""Cognito's access tokens, and which of them to believe.

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
"""The scope that sign-in by password gives, and that lets a user see their own account."""

_OPTIONS: Final = {
    "require_exp": True,
    "require_iss": True,
    "require_sub": True,
    # An access token names its client in `client_id`.
    "verify_aud": False,
}


class TokenVerifier:
    """Judges the access tokens of one client of one user pool."""

    def __init__(self, issuer: str, client_id: str, keys: SigningKeys) -> None:
        """Take the `iss` and `client_id` tokens must carry, and the pool's keys."""
        self._issuer = issuer
        self._client_id = client_id
        self._keys = keys

    @classmethod
    def for_pool(cls, settings: "Settings") -> Self:
        """Make the verifier of the stage's user pool."""
        pool = settings.cognito_user_pool_id
        issuer = f"https://cognito-idp.{settings.aws_region}.amazonaws.com/{pool}"
        # The emulator serves the keys itself, while its tokens name AWS as their issuer.
        base = f"{settings.aws_endpoint_url}/{pool}" if settings.aws_endpoint_url else issuer
        keys = SigningKeys(f"{base}/.well-known/jwks.json")
        return cls(issuer, settings.cognito_client_id, keys)

    def verify(self, token: str) -> Principal:
        """Return who the token speaks for.

        Raises:
            UnauthorizedError: if it is not a valid access token of this client.
            ServiceUnavailableError: if the pool's keys cannot be had.
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
        except (JOSEError, ArithmeticError, TypeError, ValueError):
            # python-jose lets Python's own errors through where a claim has an odd type.
            return None

    def _choose_key(self, token: str) -> "Key | None":
        """Return the key the token names; python-jose would try every key of a set."""
        try:
            key_id: object = jwt.get_unverified_header(token).get("kid")
        except JOSEError:
            return None
        return self._keys.find(key_id) if isinstance(key_id, str) else None

    def _is_ours(self, claims: dict[str, Any]) -> bool:
        """Whether these are an access token's claims: an ID token has no scope."""
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
