"""The gateway at `http://localhost:PORT`: it forwards requests to the API on the emulator.

The paths are the same as on AWS. Neither path, query, host nor headers can lead a request to
another part of the emulator. Requests for any host name are answered: on AWS the same API is
public, so DNS rebinding gains nothing.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

import httpx
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

type Headers = list[tuple[bytes, bytes]]

_HOP_BY_HOP: Final = frozenset(
    {
        b"connection",
        b"content-length",
        b"date",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"server",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""Headers of one connection only (RFC 9110, section 7.6.1), and those set again here."""

_CONNECTIONS: Final = b"/@connections/"
"""Prefix of the emulator's WebSocket management API, served inside each HTTP API."""

TIMEOUT: Final = 35.0
"""Seconds for an answer of the emulator, five more than the function has."""

_LARGEST_BODY: Final = 10 * 1024**2
"""AWS's limit for the body of a request, in bytes."""


@dataclass(frozen=True)
class AccessLogEntry:
    """One request, for the access log."""

    arrived: datetime
    answered: datetime
    request_id: str
    method: str
    path: str
    status: int
    latency: float
    """Milliseconds from the request's arrival to the end of the answer."""


class LocalGateway:
    """An ASGI app: forwards each request to an HTTP API on the emulator.

    The emulator answers some paths itself for any host, such as `/health`. So requests go to
    the path form of the API's address.
    """

    def __init__(
        self,
        api_base: str,
        log: Callable[[AccessLogEntry], None],
        timeout: float | None = TIMEOUT,
    ) -> None:
        """Forward to the API at this URL, and report each request.

        Args:
            api_base: the URL of the API on the emulator.
            log: is called with each request.
            timeout: seconds for an answer; None for no limit.
        """
        self._base = httpx.URL(api_base)
        self._log = log
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False)
        # The function sees the client's headers, not httpx's own.
        self._client.headers.clear()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        request, started, arrived = Request(scope, receive), time.perf_counter(), datetime.now(UTC)
        try:
            response = await self._forward(request)
        except ClientDisconnect:
            # The client left before its request was complete: the API never sees it.
            return
        request_id = _identify(response)
        await response(scope, receive, send)
        self._log(
            AccessLogEntry(
                arrived,
                datetime.now(UTC),
                request_id,
                request.method,
                # Not `request.url`: a malformed host breaks it.
                request.scope["path"],
                response.status_code,
                1000 * (time.perf_counter() - started),
            )
        )

    async def aclose(self) -> None:
        """Close the connections to the emulator."""
        await self._client.aclose()

    async def _forward(self, request: Request) -> Response:
        path: bytes = request.scope["raw_path"]
        if not path.startswith(b"/"):
            # An absolute URL, `*` or an authority (RFC 9112, section 3.2).
            return _say(HTTPStatus.BAD_REQUEST, "Bad Request")
        try:
            body = await _read_body(request)
            if body is None:
                return _say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Entity Too Large")
            answer, content = await self._call(request, path, body)
        except (httpx.TransportError, asyncio.CancelledError):
            # The server stops, and cancels open requests.
            return _say(HTTPStatus.SERVICE_UNAVAILABLE, "Service Unavailable")
        if _is_refused_preflight(request, answer):
            return Response(status_code=HTTPStatus.NO_CONTENT)
        response = Response(content, answer.status_code)
        if request.method == "HEAD":
            # The body of GET has another length.
            del response.headers["content-length"]
        headers = _without_repeated_cors(_end_to_end(answer.headers.raw))
        if _is_refused_by_the_gateway(answer):
            headers.append((b"www-authenticate", b"Bearer"))
        response.raw_headers = headers + response.raw_headers
        return response

    async def _call(
        self, request: Request, path: bytes, body: bytes
    ) -> tuple[httpx.Response, bytes]:
        """Return the emulator's answer, and its body as sent: httpx would decompress it."""
        answer = await self._client.send(
            self._client.build_request(
                request.method,
                self._base,
                headers=_headers_of(request),
                content=body,
                # Not as a URL: httpx would resolve `..` and so leave the API.
                extensions={"target": self._target(path, _query_of(request))},
            ),
            stream=True,
        )
        async with aclosing(answer):
            return answer, b"".join([chunk async for chunk in answer.aiter_raw()])

    def _target(self, path: bytes, query: bytes) -> bytes:
        """Return the emulator's path for a path of the API; its bytes stay unchanged."""
        if unquote_to_bytes(path).startswith(_CONNECTIONS):
            # Routes ignore an extra leading slash: for the API it is the same path.
            path = b"/" + path
        return self._base.raw_path + path + (b"?" + query if query else b"")


def make_server(app: "ASGIApp") -> uvicorn.Server:
    """Create the server of an app; to stop, it waits one second for open requests."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


async def _read_body(request: Request) -> bytes | None:
    """Return a request's body, or None if it is larger than AWS accepts."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return bytes(body)


def _query_of(request: Request) -> bytes:
    """Return a request's query without credentials: they select an account of the emulator."""
    query: bytes = request.scope["query_string"]
    return b"&".join(part for part in query.split(b"&") if not _is_of_a_signed_url(part))


def _is_of_a_signed_url(parameter: bytes) -> bool:
    """Return True for a parameter of an AWS signature, version 2 or 4; our API uses none."""
    name = unquote_to_bytes(parameter.partition(b"=")[0]).lower()
    return name.startswith(b"x-amz-") or name == b"awsaccesskeyid"


def _headers_of(request: Request) -> Headers:
    """Return a request's headers without those for another AWS API.

    The emulator routes by host first. So the host is always this gateway's own, as on AWS.
    """
    _, port = request.scope["server"]
    kept = [
        (name, value)
        for name, value in _end_to_end(request.headers.raw)
        if name != b"host" and not _is_for_an_aws_api(name, value)
    ]
    return [(b"host", f"localhost:{port}".encode()), *kept]


def _is_for_an_aws_api(name: bytes, value: bytes) -> bool:
    """Return True for a header to select, sign or encode a call of an AWS API; ours uses none."""
    return (
        name.startswith(b"x-amz-")
        or (name == b"authorization" and value.startswith(b"AWS"))
        or (name == b"content-encoding" and b"aws-chunked" in value)
    )


def _end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]


def _without_repeated_cors(headers: Headers) -> Headers:
    """Drop the function's CORS headers if the emulator adds its own after them.

    AWS ignores the function's headers; a browser refuses an answer with both.
    """
    last = {name.lower(): place for place, (name, _) in enumerate(headers)}
    return [
        (name, value)
        for place, (name, value) in enumerate(headers)
        if not name.lower().startswith(b"access-control-") or last[name.lower()] == place
    ]


def _identify(response: Response) -> str:
    """Set the gateway's header for the request's id on an answer, and return the id.

    AWS passes the same id to the function; the emulator's own id is another one.
    """
    headers = response.headers
    request_id = headers.get("x-request-id") or headers.get("apigw-requestid") or str(uuid.uuid4())
    headers["apigw-requestid"] = request_id
    return request_id


def _is_refused_preflight(request: Request, answer: httpx.Response) -> bool:
    """Return True for the emulator's 403 to an unknown or missing origin; AWS answers 204."""
    return request.method == "OPTIONS" and answer.status_code == HTTPStatus.FORBIDDEN


def _is_refused_by_the_gateway(answer: httpx.Response) -> bool:
    """Return True for the authorizer's 401: AWS adds a header to it, the emulator does not."""
    return answer.status_code == HTTPStatus.UNAUTHORIZED and not answer.headers.get(
        "WWW-Authenticate"
    )


def _say(status: HTTPStatus, message: str) -> Response:
    """Return an answer of the gateway itself, with AWS's text."""
    body = json.dumps({"message": message})
    return Response(body, status_code=status, media_type="application/json")
