"""The API's errors, as exceptions; `src.api.errors` turns them into answers.

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
    """Base class of the errors for callers; raise a subclass."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, message: str, details: Mapping[str, str] | None = None) -> None:
        """Describe the error in a sentence, and each wrong field by its reason."""
        super().__init__(message)
        self.message = message
        self.details = details


class BadRequestError(ApiError):
    """The input is wrong."""

    status = HTTPStatus.BAD_REQUEST


class UnauthorizedError(ApiError):
    """The token is missing or not valid (RFC 6750, section 3)."""

    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class ForbiddenError(ApiError):
    """The caller is known, but may not do this."""

    status = HTTPStatus.FORBIDDEN


class NotFoundError(ApiError):
    """The item does not exist, or the caller may not see it."""

    status = HTTPStatus.NOT_FOUND


class ContentTooLargeError(ApiError):
    """The body is larger than the limit (RFC 9110, section 15.5.14)."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class TooManyRequestsError(ApiError):
    """The caller must slow down (RFC 6585, section 4)."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "60"}


class ServiceUnavailableError(ApiError):
    """A service behind the API is busy or cannot be reached at the moment."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}
