"""The bearer token of a request (RFC 6750, section 2.1)."""

from typing import Final

from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import Request

from src.utils.errors import UnauthorizedError

_DESCRIPTION: Final = "An access token of the stage's Cognito user pool."


class BearerToken(SecurityBase):
    """The security scheme, and the dependency that reads the token from the header."""

    def __init__(self, scheme_name: str) -> None:
        """Take the scheme's name in the OpenAPI schema."""
        self.scheme_name = scheme_name
        self.model = HTTPBearer(bearerFormat="JWT", description=_DESCRIPTION)

    async def __call__(self, request: Request) -> str | None:
        """Return the token, or None where the request has no Authorization header.

        Raises:
            UnauthorizedError: if the header holds something else.
        """
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, token = get_authorization_scheme_param(header)
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError("The Authorization header must be: Bearer <access token>.")
        return token


BEARER: Final = BearerToken("bearer")
"""For operations that require a token."""

OPTIONAL_BEARER: Final = BearerToken("optionalBearer")
"""For operations that work without one; `src.api.openapi` turns the name into `{}`."""
