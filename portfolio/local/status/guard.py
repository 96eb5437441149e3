"""Protection of the status page against other websites, and other users of the machine."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from portfolio.local.entrance import Entrance

_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")

_HEADERS: Final = {
    # No scripts at all: texts of visitors are on these pages.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_ENTERED: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=../">
<title>Status page</title>
<a href="../">Status page</a>
"""
"""The answer to a link. After a redirect, browsers send no strict cookie if another program or
site has opened the link. After this page they do, and the link leaves the address bar."""


class Guard:
    """An ASGI app in front of the pages: it checks host and cookie, and sets security headers.

    Another website can let its own name resolve to 127.0.0.1 (DNS rebinding), and then read the
    answers. So only the names of this machine are accepted, with the page's port.
    """

    def __init__(self, app: "ASGIApp", port: int, entrance: "Entrance") -> None:
        """Guard an app on a port."""
        self._app, self._port, self._entrance = app, port, entrance
        self._hosts = {f"{name}:{port}".encode() for name in _NAMES}

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, or refuse it."""

        async def send_guarded(message: "Message") -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        root = {"root_path": self._entrance.path}
        await self._choose(Request(scope))({**scope, **root}, receive, send_guarded)

    def _choose(self, request: "Request") -> "ASGIApp":
        if not self._is_accepted(request):
            return _refuse(f"Open http://localhost:{self._port} instead.")
        entrance = self._entrance
        if entrance.has_admitted(request) and not entrance.is_link(request):
            return self._app
        if entrance.is_link(request) and (
            entrance.has_admitted(request) or entrance.redeem(request)
        ):
            return HTMLResponse(_ENTERED, headers={"Set-Cookie": entrance.cookie()})
        return _refuse(
            "Run bin/portfolio open status --stack local, or open the link that make up prints. "
            "A link opens the page once."
        )

    def _is_accepted(self, request: "Request") -> bool:
        hosts = [value for name, value in request.scope["headers"] if name == b"host"]
        return len(hosts) == 1 and hosts[0].lower() in self._hosts


def _refuse(advice: str) -> "ASGIApp":
    return PlainTextResponse(f"{advice}\n", HTTPStatus.FORBIDDEN)
