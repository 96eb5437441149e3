"""The program of the emulator's process: MiniStack, guarded by a secret.

MiniStack does not check the administrator's signatures, and runs Lambda code as the user.
So every path must begin with the secret: AWS clients get it as part of their endpoint.

The emulator's own interpreter runs this file as a script. It must not import modules of ours.
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
"""Prefix of the paths of HTTP APIs; our gateway calls them."""

_KEYS: Final = "/.well-known/jwks.json"
"""Suffix of the path of a user pool's public keys."""

_PARENT_DEATH_SIGNAL: Final = 1
_KEEP_ALIVE: Final = 75
"""Seconds, as MiniStack has it."""

_REFUSAL: Final = b'{"message": "Only the local stage may call this emulator."}'


class Guard:
    """An ASGI app in front of the emulator: it refuses all requests without the secret.

    Requests from browsers are refused even with the secret. Requests to an HTTP API are the
    exception: our gateway passes them on. WebSockets are always refused.
    """

    def __init__(self, app: "ASGIApp", secret: str) -> None:
        """Guard an app with a secret of URL-safe characters."""
        self._app = app
        self._prefix = f"/{secret}".encode()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass one request on, or refuse it."""
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
        """Return the request without the secret, or None to refuse it."""
        raw_path: bytes = scope["raw_path"]
        size = len(self._prefix)
        has_secret = hmac.compare_digest(raw_path[:size], self._prefix)
        ends_there = raw_path[size : size + 1] in {b"", b"/"}
        if scope["type"] != "http" or not (has_secret and ends_there):
            return None
        path: str = scope["path"][size:] or "/"
        if path.startswith(_API):
            return {**scope, "path": path, "raw_path": raw_path[size:]}
        # The raw path keeps the secret: AWS clients sign the path as they send it.
        return None if _is_from_a_browser(scope) else {**scope, "path": path}


class OwnCalls(urllib.request.BaseHandler):
    """A handler for `urllib`: adds the secret if the emulator fetches a pool's keys from itself.

    The emulator's authorizer calls `localhost`. On IPv6 another user may listen there, so the
    handler changes the host as well.
    """

    def __init__(self, endpoint: str) -> None:
        """Send the emulator's own calls to this URL; it contains the secret."""
        self._endpoint = endpoint
        self._port = urlsplit(endpoint).port

    def http_request(self, request: urllib.request.Request) -> urllib.request.Request:
        """Redirect a request for keys to the endpoint; `urllib` calls this for each request."""
        url = urlsplit(request.full_url)
        is_own = (url.hostname, url.port) == ("localhost", self._port)
        if is_own and request.get_method() == "GET" and url.path.endswith(_KEYS):
            request.full_url = f"{self._endpoint}{url.path}"
        return request


def _is_from_a_browser(scope: "Scope") -> bool:
    """Return True if a browser sent it: a page's scripts cannot set or remove these headers."""
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
    """Serve on a listening socket; its file descriptor is the only argument.

    `AWS_ENDPOINT_URL` has the endpoint with the secret, and functions inherit it. Other users
    can read a process's command line, but not its variables.
    """
    if sys.platform == "linux":
        # End together with the parent process, even if it is killed.
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    urllib.request.install_opener(urllib.request.build_opener(OwnCalls(endpoint)))
    # Imported by name: the environment of linters and tests has neither package.
    ministack: Any = importlib.import_module("ministack.app")
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    config: Any = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{sys.argv[1]}"]
    config.keep_alive_timeout = _KEEP_ALIVE
    guard = Guard(ministack.app, urlsplit(endpoint).path.removeprefix("/"))
    asyncio.run(hypercorn.serve(guard, config, mode="asgi"))


if __name__ == "__main__":
    main()
