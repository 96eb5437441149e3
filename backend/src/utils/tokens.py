"""Verification of Cognito's ID tokens and access tokens.

AWS's rules: https://docs.aws.amazon.com/cognito/latest/developerguide/
amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

import re
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

type _Claims = dict[str, Any]

_FORM: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
"""Three parts in base64url, without padding (RFC 7515, sections 2 and 3.1)."""

_CLIENT_CLAIMS: Final = {"id": "aud", "access": "client_id"}
"""Name of the claim for the app client, by `token_use`."""

_OPTIONS: Final = {
    "require_exp": True,
    "require_iat": True,
    "require_iss": True,
    "require_sub": True,
    # python-jose would also accept a list with the client in it.
    "verify_aud": False,
    # It compares an ID token with an access token; callers send one of them.
    "verify_at_hash": False,
}


class TokenVerifier:
    """Verifier of the tokens of one app client of one user pool."""

    def __init__(self, issuer: str, client_id: str, keys: SigningKeys) -> None:
        """Accept tokens of this issuer for this client, signed with one of the keys."""
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

    def verify(self, id_token: str) -> Principal:
        """Return the bearer of an ID token.

        Raises:
            UnauthorizedError: if it is not a valid ID token of this client.
            ServiceUnavailableError: if the pool's keys cannot be read.
        """
        claims = self._read(id_token, "id")
        if claims is None:
            raise UnauthorizedError(
                "The ID token is not valid or has expired: refresh it, or log in again."
            )
        return _principal(claims)

    def is_access_token_of(self, principal: Principal, token: str) -> bool:
        """Return True for a valid access token of this client and this user.

        Raises:
            ServiceUnavailableError: if the pool's keys cannot be read.
        """
        claims = self._read(token, "access")
        return claims is not None and claims["sub"] == principal.subject

    def _read(self, token: str, use: str) -> _Claims | None:
        """Return the claims of a valid token of this client for this use, or None."""
        claims = self._decode(token)
        if (
            claims is None
            or claims.get("token_use") != use
            or claims.get(_CLIENT_CLAIMS[use]) != self._client_id
            or claims["sub"] == ""
        ):
            return None
        return claims

    def _decode(self, token: str) -> _Claims | None:
        key = self._choose_key(token) if _FORM.fullmatch(token) else None
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


def _principal(claims: _Claims) -> Principal:
    email = _text(claims, "email")
    return Principal(
        subject=claims["sub"],
        username=_text(claims, "cognito:username") or claims["sub"],
        email=email,
        is_email_verified=claims.get("email_verified") is True,
        name=_text(claims, "name").strip() or email.partition("@")[0],
        groups=_groups(claims),
    )


def _text(claims: _Claims, name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _groups(claims: _Claims) -> frozenset[str]:
    match claims.get("cognito:groups"):
        case [*groups]:
            return frozenset(group for group in groups if isinstance(group, str))
        case _:
            return frozenset()
