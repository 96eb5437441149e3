"""Answers to errors, in the form of the contract's section on errors."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from botocore import exceptions as botocore_errors
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from src.models.error import ErrorBody
from src.utils.aws_errors import is_temporary
from src.utils.errors import ApiError, BadRequestError, ServiceUnavailableError
from src.utils.validation import explain

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

_LOG: Final = logging.getLogger(__name__)

_PHRASES: Final = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large"}
"""Phrases of RFC 9110 for statuses with an older phrase in Python 3.12."""

UNKNOWN_PATH: Final = "There is nothing at this path."

_MESSAGES: Final = {
    HTTPStatus.NOT_FOUND: UNKNOWN_PATH,
    HTTPStatus.METHOD_NOT_ALLOWED: "This path does not allow this method.",
}


def add_error_handlers(app: "FastAPI") -> None:
    """Make the app answer errors with the contract's body."""
    app.exception_handlers |= {
        ApiError: _answer_api_error,
        RequestValidationError: _answer_wrong_input,
        HTTPException: _answer_http_exception,
        botocore_errors.ClientError: _answer_aws_refusal,
        botocore_errors.ConnectionError: _answer_aws_out_of_reach,
        botocore_errors.HTTPClientError: _answer_aws_out_of_reach,
    }


def error_response(error: ApiError, headers: Mapping[str, str] | None = None) -> Response:
    """Make the answer of an error, with these headers added to its own."""
    all_headers = {**error.headers, **(headers or {})}
    return _respond(error.status, error.message, error.details, all_headers)


def unexpected_error_response(error: Exception) -> Response:
    """Log an unexpected error, and make an answer without its details."""
    _LOG.error("Unexpected error: %s", type(error).__name__, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _respond(status, "Something went wrong on our side; it has been logged.")


def make_error_body(
    status: HTTPStatus, message: str, details: Mapping[str, str] | None = None
) -> ErrorBody:
    """Make the body of an error."""
    return ErrorBody(
        error=_PHRASES.get(status, status.phrase),
        message=message,
        detail=message,
        status_code=status,
        details=None if details is None else dict(details),
    )


def _respond(
    status: HTTPStatus,
    message: str,
    details: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    content = make_error_body(status, message, details).model_dump_json(exclude_none=True)
    return Response(content, status, headers, media_type="application/json")


async def _answer_api_error(_request: "Request", error: ApiError) -> Response:
    if isinstance(error, ServiceUnavailableError):
        _LOG.warning(error.message, exc_info=error)
    return error_response(error)


async def _answer_wrong_input(_request: "Request", error: RequestValidationError) -> Response:
    details = explain(error.errors())
    field, reason = next(iter(details.items()))
    return error_response(BadRequestError(f"{field}: {reason}", details))


async def _answer_http_exception(request: "Request", error: HTTPException) -> Response:
    status, headers = HTTPStatus(error.status_code), dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_allowed_methods(request)))
    return _respond(status, _MESSAGES.get(status, error.detail), headers=headers)


async def _answer_aws_refusal(request: "Request", error: botocore_errors.ClientError) -> Response:
    if is_temporary(error):
        return await _answer_aws_out_of_reach(request, error)
    return unexpected_error_response(error)


async def _answer_aws_out_of_reach(_request: "Request", error: Exception) -> Response:
    _LOG.warning("AWS is busy or cannot be reached: %s", error)
    return error_response(ServiceUnavailableError("The service is busy: try again in a moment."))


def _allowed_methods(request: "Request") -> set[str]:
    """Return every method of a path; Starlette returns only those of the first route."""
    declared = {
        method
        for context in iter_route_contexts(request.app.routes)
        if context.original_route.matches(request.scope)[0] is not Match.NONE
        for method in context.methods or ()
    }
    return declared | {"HEAD"} if "GET" in declared else declared
