"""The bearer token of a request (RFC 6750, section 2.1)."""

from typing import Final

from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import Request

from src.utils.errors import UnauthorizedError

_DESCRIPTION: Final = "An access token of the stage's Cognito user pool."


class BearerToken(SecurityBase):
    """The security scheme, and the dependency for the token in the header."""

    def __init__(self, scheme_name: str) -> None:
        """Use this name of the scheme in the OpenAPI schema."""
        self.scheme_name = scheme_name
        self.model = HTTPBearer(bearerFormat="JWT", description=_DESCRIPTION)

    async def __call__(self, request: Request) -> str | None:
        """Return the token, or None if the request has no Authorization header.

        Raises:
            UnauthorizedError: if the header has another form.
        """
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, token = get_authorization_scheme_param(header)
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError("The Authorization header must be: Bearer <access token>.")
        return token


BEARER: Final = BearerToken("bearer")
"""The scheme of operations with a required token."""

OPTIONAL_BEARER: Final = BearerToken("optionalBearer")
"""The scheme of operations with an optional token; `src.api.openapi` replaces it by `{}`."""
