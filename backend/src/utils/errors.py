"""Every error the API answers with, as exceptions; `src.api.errors` turns them into HTTP.

ApiError
├── BadRequestError           400
├── UnauthorizedError         401, with WWW-Authenticate: Bearer
├── ForbiddenError            403
├── NotFoundError             404
├── ContentTooLargeError      413
├── TooManyRequestsError      429, with Retry-After
└── ServiceUnavailableError   503, with Retry-After
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar


class ApiError(Exception):
    """Base of the errors a caller gets to see; raised as one of its subclasses."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, message: str, details: Mapping[str, str] | None = None) -> None:
        """Take what is wrong, in a sentence, and each wrong field's reason."""
        super().__init__(message)
        self.message = message
        self.details = details


class BadRequestError(ApiError):
    """The input is wrong."""

    status = HTTPStatus.BAD_REQUEST


class UnauthorizedError(ApiError):
    """No token, or one that is not valid (RFC 6750, section 3)."""

    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class ForbiddenError(ApiError):
    """The caller is known, and may not do this."""

    status = HTTPStatus.FORBIDDEN


class NotFoundError(ApiError):
    """Nothing is there, or nothing this caller may see."""

    status = HTTPStatus.NOT_FOUND


class ContentTooLargeError(ApiError):
    """The body is larger than the API takes (RFC 9110, section 15.5.14)."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class TooManyRequestsError(ApiError):
    """The caller must slow down (RFC 6585, section 4)."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "60"}


class ServiceUnavailableError(ApiError):
    """Something behind the API is busy or out of reach, for now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}
