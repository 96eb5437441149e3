"""Protection of the status page against other websites."""

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class Guard:
    """An ASGI app in front of the pages: it checks the host and sets security headers.

    Another website can let its own name resolve to 127.0.0.1 (DNS rebinding), and then read the
    answers. So only the names of this machine are accepted, with the page's port.
    """

    def __init__(self, app: "ASGIApp", port: int) -> None:
        """Guard an app on a port."""
        self._app, self._port = app, port
        self._hosts = {f"{name}:{port}".encode() for name in _NAMES}

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, or refuse it."""

        async def send_guarded(message: "Message") -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        app = self._app if self._is_accepted(scope) else self._refuse()
        await app(scope, receive, send_guarded)

    def _is_accepted(self, scope: "Scope") -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and hosts[0].lower() in self._hosts

    def _refuse(self) -> "ASGIApp":
        return PlainTextResponse(f"Open http://localhost:{self._port} instead.\n", 403)
