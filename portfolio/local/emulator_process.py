"""Program of the emulator's process: MiniStack behind a guard that asks for a secret.

MiniStack does not check the administrator's signatures, and runs Lambda code as the user.
The secret is the first segment of every path: AWS clients get it as part of their endpoint.

The emulator's own interpreter runs this file as a script, so it imports no other module of ours.
"""

import asyncio
import ctypes
import hmac
import importlib
import os
import signal
import sys
import urllib.request
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_API: Final = "/_aws/execute-api/"
"""Prefix of the paths on which our gateway calls an HTTP API."""

_KEYS: Final = "/.well-known/jwks.json"
"""Suffix of the path of a user pool's public keys."""

_PARENT_DEATH_SIGNAL: Final = 1
_KEEP_ALIVE: Final = 75
"""Seconds, as MiniStack has it."""

_REFUSAL: Final = b'{"message": "The emulator answers the local stage alone."}'


class Guard:
    """ASGI app that passes requests with the secret on to the emulator, and refuses all others.

    A browser's request is refused even with the secret, unless it goes to an HTTP API: our
    gateway passes those on. WebSockets are always refused.
    """

    def __init__(self, app: "ASGIApp", secret: str) -> None:
        """Guard an app with a secret that needs no escaping in a path."""
        self._app = app
        self._prefix = f"/{secret}".encode()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, or pass it on."""
        admitted = scope if scope["type"] == "lifespan" else self._admit(scope)
        if admitted is not None:
            await self._app(admitted, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            # Closing before accepting: the server answers 403.
            await send({"type": "websocket.close"})
        else:
            await _refuse(send)

    def _admit(self, scope: "Scope") -> "Scope | None":
        """The request without the secret; None if it is refused."""
        raw_path: bytes = scope["raw_path"]
        size = len(self._prefix)
        has_secret = hmac.compare_digest(raw_path[:size], self._prefix)
        ends_there = raw_path[size : size + 1] in {b"", b"/"}
        if scope["type"] != "http" or not (has_secret and ends_there):
            return None
        path: str = scope["path"][size:] or "/"
        if path.startswith(_API):
            return {**scope, "path": path, "raw_path": raw_path[size:]}
        # The raw path keeps the secret, because AWS clients sign the path as they send it.
        return None if _is_from_a_browser(scope) else {**scope, "path": path}


class OwnCalls(urllib.request.BaseHandler):
    """Handler for `urllib`: adds the secret when the emulator fetches a pool's keys from itself.

    The emulator's authorizer calls `localhost`. On IPv6 another user may listen there, so the
    handler changes the host as well.
    """

    def __init__(self, endpoint: str) -> None:
        """Take the emulator's address, with the secret."""
        self._endpoint = endpoint
        self._port = urlsplit(endpoint).port

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        """Direct a request for keys to the endpoint; `urllib` calls this for each one."""
        url = urlsplit(request.full_url)
        is_own = (url.hostname, url.port) == ("localhost", self._port)
        if is_own and request.get_method() == "GET" and url.path.endswith(_KEYS):
            request.full_url = f"{self._endpoint}{url.path}"
        return request


def _is_from_a_browser(scope: "Scope") -> bool:
    """Whether a browser sent it: scripts of a page can neither set nor remove these headers."""
    names = [name.lower() for name, _ in scope["headers"]]
    return any(name == b"origin" or name.startswith(b"sec-") for name in names)


async def _refuse(send: "Send") -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(_REFUSAL)).encode()),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": _REFUSAL})


def main() -> None:
    """Serve on a listening socket, whose descriptor is the argument.

    The endpoint with the secret is in `AWS_ENDPOINT_URL`, which functions inherit. Other users
    can read a process's command line, but not its variables.
    """
    if sys.platform == "linux":
        # End with the process that started this one, even if that is killed.
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    urllib.request.install_opener(urllib.request.build_opener(OwnCalls(endpoint)))
    # Imported by name: the interpreter that checks and tests this file has neither.
    ministack: Any = importlib.import_module("ministack.app")
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    config: Any = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{sys.argv[1]}"]
    config.keep_alive_timeout = _KEEP_ALIVE
    guard = Guard(ministack.app, urlsplit(endpoint).path.removeprefix("/"))
    asyncio.run(hypercorn.serve(guard, config, mode="asgi"))


if __name__ == "__main__":
    main()
