"""Compression of bodies above 1 KB by gzip (RFC 9110, section 12.5.3)."""

import re
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MAX_PLAIN_BODY: Final = 1024
"""Maximum size of a body without compression, in bytes."""

_LEVEL: Final = 4
"""Lists of posts arrive soonest at this level, with 0.29 of a processor and 10 Mbit/s.

100 posts of 8 KB become 33 % in 23 ms of CPU time; level 6 needs 37 ms for 31 %, level 1 needs
10 ms for 38 % (`make bench` prints the sizes).
"""

_CODING: Final = re.compile(
    r"\s*(?P<name>[\w!#$%&'*+.^`|~-]+)\s*(;\s*q\s*=\s*(?P<weight>[01](\.\d{0,3})?)\s*)?", re.ASCII
)
"""A coding and its weight, such as `gzip;q=0.5`."""

_NAMES: Final = ("gzip", "x-gzip", "*")
"""Names of gzip, the most specific first."""


class CompressionMiddleware:
    """Compresses large bodies for clients with gzip in `Accept-Encoding`, by RFC 9110.

    Starlette's own middleware takes `gzip;q=0` as accepted, and `*` as refused. Small bodies cost
    nothing here.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        start: Message = {}
        chosen: Send | None = None

        async def send_compressed(message: "Message") -> None:
            nonlocal start, chosen
            if message["type"] == "http.response.start":
                start = message
                return
            if chosen is None:
                chosen = self._choose(scope, message, send)
                await chosen(start)
            await chosen(message)

        is_http = scope["type"] == "http"
        await self._app(scope, receive, send_compressed if is_http else send)

    def _choose(self, scope: "Scope", first: "Message", send: "Send") -> "Send":
        """Return how to send an answer, by the first part of its body."""
        is_small = len(first.get("body", b"")) <= _MAX_PLAIN_BODY and not first.get("more_body")
        if is_small or not _accepts_gzip(Headers(scope=scope)):
            return send
        responder = GZipResponder(self._app, _MAX_PLAIN_BODY + 1, _LEVEL)
        responder.send = send
        return responder.send_with_compression


def is_compressed(headers: Headers, body: bytes | memoryview) -> bool:
    """Return True if a body is compressed for a request with these headers."""
    return len(body) > _MAX_PLAIN_BODY and _accepts_gzip(headers)


def _accepts_gzip(headers: Headers) -> bool:
    weights: dict[str, float] = {}
    for coding in ",".join(headers.getlist("Accept-Encoding")).split(","):
        found = _CODING.fullmatch(coding)
        if found:
            weights[found["name"].lower()] = float(found["weight"] or 1)
    weight = next((weights[name] for name in _NAMES if name in weights), 0)
    return weight > 0 and weight >= weights.get("identity", 0)
