"""Outermost middleware: request ids, headers of every answer, and the access log."""

import logging
import time
import uuid
from typing import TYPE_CHECKING, Final

from src.models.user import Role
from src.utils.aws_calls import AWS_TIME, AwsTime
from src.utils.logging import REQUEST_IDS, RequestIds, write_line

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from src.models.principal import Principal

REQUEST_ID_HEADER: Final = "X-Request-Id"
_REQUEST_ID_NAME: Final = REQUEST_ID_HEADER.lower().encode()

_FIXED_HEADERS: Final = (
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
)
"""Headers of every answer: HTTPS for a year, and no guess at the type of a body.

Browsers ignore the first one over plain HTTP, as on the local stage (RFC 6797, section 8.1).
"""

_NO_ROUTE: Final = "(no route)"
"""Text in place of the route, for a path without one."""

_LOG: Final = logging.getLogger(__name__)


class AccessMiddleware:
    """Adds the headers of every answer, and logs the request.

    The log has the template of the route, never the path: a client could choose its text.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        ids = _find_ids(scope)

        async def send_with_headers(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message["headers"], ids)
            await send(message)

        token, time_token = REQUEST_IDS.set(ids), AWS_TIME.set(AwsTime())
        try:
            await self._app(scope, receive, send_with_headers)
            _log(scope, status, 1000 * (time.perf_counter() - started))
        finally:
            REQUEST_IDS.reset(token)
            AWS_TIME.reset(time_token)


def _add_headers(headers: "list[tuple[bytes, bytes]]", ids: RequestIds) -> None:
    # As bytes, as ASGI sends them: each request pays for a conversion.
    headers += ((_REQUEST_ID_NAME, ids.gateway.encode()), *_FIXED_HEADERS)
    if not any(name == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"no-store"))


def _find_ids(scope: "Scope") -> RequestIds:
    function_id: str | None = getattr(scope.get("aws.context"), "aws_request_id", None)
    gateway_id = find_gateway_id(scope.get("aws.event"))
    return RequestIds(gateway_id or function_id or str(uuid.uuid4()), function_id)


def find_gateway_id(event: object) -> str | None:
    """Return the gateway's id of an event, if it can be sent as a header."""
    match event:
        case {"requestContext": {"requestId": str(gateway_id)}} if _fits_header(gateway_id):
            return gateway_id
        case _:
            return None


def _fits_header(text: str) -> bool:
    return text.isascii() and text.isprintable()


def find_header(scope: "Scope", name: bytes) -> bytes | None:
    """Return a request's header by its lower-case name, five times as fast as Starlette."""
    for each, value in scope["headers"]:
        if each == name:
            return value
    return None


def _log(scope: "Scope", status: int, milliseconds: float) -> None:
    method = scope["method"]
    route: str | None = getattr(scope.get("route"), "path_format", None)
    fields = {
        "method": method,
        "route": route,
        "status": status,
        "durationMs": round(milliseconds, 2),
        "role": _role(scope.get("state", {}).get("principal")),
    }
    write_line(_LOG, f"{method} {route or _NO_ROUTE} {status}", fields)


def _role(principal: "Principal | None") -> Role:
    return Role.OWNER if principal and principal.is_owner else Role.PUBLIC
