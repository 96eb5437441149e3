"""The bearer token of a request (RFC 6750, section 2.1)."""

from typing import Final

from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import Request

_DESCRIPTION: Final = "An ID token of the stage's Cognito user pool."


class BearerToken(SecurityBase):
    """The security scheme, and the dependency for the token in the header."""

    def __init__(self, scheme_name: str) -> None:
        """Use this name of the scheme in the OpenAPI schema."""
        self.scheme_name = scheme_name
        self.model = HTTPBearer(bearerFormat="JWT", description=_DESCRIPTION)

    async def __call__(self, request: Request) -> str | None:
        """Return the token, or None without an Authorization header of this scheme."""
        scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
        return token or None if scheme.lower() == "bearer" else None


BEARER: Final = BearerToken("bearer")
"""The scheme of operations with a required token."""

OPTIONAL_BEARER: Final = BearerToken("optionalBearer")
"""The scheme of operations with an optional token; `src.api.openapi` replaces it by `{}`."""
