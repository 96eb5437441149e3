"""What every request passes through before it reaches a route."""

from typing import TYPE_CHECKING, Final, override

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from src.api.access import REQUEST_ID_HEADER, AccessMiddleware
from src.api.errors import error_response, unexpected_error_response
from src.utils.errors import BadRequestError, ContentTooLargeError

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from src.config import Settings

MAX_BODY_SIZE: Final = 1024 * 1024
"""Bytes a request's body may have."""

_PREFLIGHT_MAX_AGE: Final = 3600
"""Seconds for which a browser may keep a preflight's answer."""


def build_middleware(settings: "Settings") -> list[Middleware]:
    """Return the app's middleware, outermost first."""
    return [
        Middleware(AccessMiddleware),
        Middleware(
            JsonCorsMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST", "PUT", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "X-Session-Id"),
            expose_headers=(REQUEST_ID_HEADER, "Retry-After"),
            max_age=_PREFLIGHT_MAX_AGE,
        ),
        # Inside the two above, so that a 500 has their headers too.
        Middleware(UnexpectedErrorMiddleware),
        Middleware(BodyLimitMiddleware),
    ]


class JsonCorsMiddleware(CORSMiddleware):
    """Starlette's, but a preflight it refuses has the body of every other error.

    And what is not cross-origin, as every health check, passes quickly.
    """

    @override
    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http" or find_header(scope, b"origin") is not None:
            await super().__call__(scope, receive, send)
            return

        async def send_varying(message: "Message") -> None:
            if message["type"] == "http.response.start":
                # Else a cache would give this answer, without CORS headers, to a browser.
                message["headers"].append((b"vary", b"Origin"))
            await send(message)

        await self.app(scope, receive, send_varying)

    @override
    def preflight_response(self, request_headers: Headers) -> "Response":
        answer = super().preflight_response(request_headers)
        if answer.status_code == BadRequestError.status:
            error = BadRequestError("This cross-origin request is not allowed.")
            return error_response(error, self.preflight_headers)
        return answer


class UnexpectedErrorMiddleware:
    """Turns an exception nobody expected into a 500 that says nothing about it.

    Starlette's own would answer outside the CORS headers, then let the exception go on.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        started = False

        async def send_and_note(message: "Message") -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except Exception as error:
            response = unexpected_error_response(error)
            if started:
                raise
            await response(scope, receive, send)


class BodyLimitMiddleware:
    """Refuses a body above the limit, by its declared length or while it is read."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = find_header(scope, b"content-length")
        # As a float: int() refuses a number of five thousand digits.
        if declared and declared.isdigit() and float(declared) > MAX_BODY_SIZE:
            await error_response(_too_large())(scope, receive, send)
            return
        size = 0

        async def receive_within_limit() -> "Message":
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MAX_BODY_SIZE:
                raise _too_large()
            return message

        await self._app(scope, receive_within_limit, send)


def find_header(scope: "Scope", name: bytes) -> bytes | None:
    """Return a request's header by its lower-case name, in a fifth of Starlette's time."""
    for each, value in scope["headers"]:
        if each == name:
            return value
    return None


def _too_large() -> ContentTooLargeError:
    return ContentTooLargeError("The body is larger than 1 MiB.")
