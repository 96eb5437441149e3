"""Middleware of the app: CORS, HEAD, unexpected errors, unreadable events and line breaks."""

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, override

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from src.api.access import REQUEST_ID_HEADER, AccessMiddleware, find_header
from src.api.compression import CompressionMiddleware
from src.api.errors import UNKNOWN_PATH, error_response, unexpected_error_response
from src.utils.errors import BadRequestError, NotFoundError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from src.config import Settings

UNREADABLE: Final = "portfolio.unreadable"
"""Key of the reason in the scope of a request that could not be read from its event."""

_LOG: Final = logging.getLogger(__name__)

_PREFLIGHT_MAX_AGE: Final = 3600
"""Lifetime of a preflight's answer in a browser, in seconds."""


def build_middleware(settings: "Settings") -> list[Middleware]:
    """Return the app's middleware, outermost first."""
    return [
        Middleware(AccessMiddleware),
        Middleware(
            JsonCorsMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "HEAD", "POST", "PUT", "DELETE"),
            allow_headers=("Authorization", "Content-Type", "X-Session-Id", "If-None-Match"),
            expose_headers=(REQUEST_ID_HEADER, "Retry-After", "ETag"),
            max_age=_PREFLIGHT_MAX_AGE,
        ),
        Middleware(HeadMiddleware),
        Middleware(CompressionMiddleware),
        # Inside those above, so that a 500 has their headers too.
        Middleware(UnexpectedErrorMiddleware),
        Middleware(UnreadableEventMiddleware),
        Middleware(LineBreakMiddleware),
    ]


class JsonCorsMiddleware(CORSMiddleware):
    """Starlette's CORS middleware, with the answers of AWS's gateway to `OPTIONS`: 204.

    A refused preflight has the body of every other error. Other requests get the same headers as
    from Starlette's, in a fifth of the time.
    """

    @override
    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        app = self.app
        if scope["type"] == "http":
            app = self._options_response(scope) or app
            send = self._with_headers(find_header(scope, b"origin"), send)
        await app(scope, receive, send)

    def _options_response(self, scope: "Scope") -> Response | None:
        if scope["method"] != "OPTIONS":
            return None
        headers = Headers(scope=scope)
        if "Origin" in headers and "Access-Control-Request-Method" in headers:
            return self.preflight_response(headers)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def _with_headers(self, origin: bytes | None, send: "Send") -> "Send":
        """Return `send`, with CORS headers added to every answer for this origin."""
        added = self._headers_for(origin)

        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                _add_vary(message["headers"])
                message["headers"].extend(added)
            await send(message)

        return send_with_headers

    def _headers_for(self, origin: bytes | None) -> list[tuple[bytes, bytes]]:
        if origin is None or not self.is_allowed_origin(origin.decode("latin-1")):
            return []
        exposed = self.simple_headers["Access-Control-Expose-Headers"].encode()
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", exposed),
        ]

    @override
    def preflight_response(self, request_headers: Headers) -> Response:
        headers = dict(self.preflight_headers)
        # Every answer gets it later.
        headers.pop("Access-Control-Allow-Origin", None)
        if super().preflight_response(request_headers).status_code == HTTPStatus.OK:
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        return error_response(BadRequestError("This cross-origin request is not allowed."), headers)


def _add_vary(headers: "list[tuple[bytes, bytes]]") -> None:
    """Add `Origin` to `Vary`, and list each name once.

    Without it, a cache could give a browser an answer without CORS headers.
    """
    values = [value for name, value in headers if name == b"vary"]
    if values:
        headers[:] = [header for header in headers if header[0] != b"vary"]
    names = (name.strip() for value in values for name in value.split(b","))
    headers.append((b"vary", b", ".join(dict.fromkeys([*names, b"Origin"]))))


class HeadMiddleware:
    """Answers `HEAD` as `GET`, with the same headers, but without the body.

    RFC 9110, section 9.3.2.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: "Message") -> None:
            emptied = {"body": b""} if message["type"] == "http.response.body" else {}
            await send({**message, **emptied})

        read = {**scope, "method": "GET"}
        await self._app(read, receive, send_without_body)
        # The access log reads the route and the caller; the server needs the method.
        scope.update(read, method="HEAD")


class UnexpectedErrorMiddleware:
    """Turns an unexpected exception into a 500 without its details.

    Starlette's own would answer without CORS headers, then raise the exception again.
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


class UnreadableEventMiddleware:
    """Refuses a request that the Lambda handler could not read."""

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if UNREADABLE not in scope:
            await self._app(scope, receive, send)
            return
        _LOG.warning("The event could not be read (%s).", scope[UNREADABLE])
        error = BadRequestError("The request cannot be read: check its headers and its encoding.")
        await error_response(error)(scope, receive, send)


class LineBreakMiddleware:
    """Answers 404 for a path with a line break at its end.

    Starlette's patterns end in `$`, so `/health%0A` would be `/health`.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"].endswith("\n"):
            await error_response(NotFoundError(UNKNOWN_PATH))(scope, receive, send)
            return
        await self._app(scope, receive, send)
