"""The program of the emulator's process: MiniStack, behind a guard that asks for a secret.

MiniStack checks no signatures and runs Lambda code as the user. The secret is the first segment
of every path, so that it is part of the one endpoint each AWS client is given.

The emulator's own interpreter runs this file as a script: it cannot import anything of ours.
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
"""Under which our gateway calls an HTTP API."""

_KEYS: Final = "/.well-known/jwks.json"
"""Under which a user pool has its public keys."""

_PARENT_DEATH_SIGNAL: Final = 1
_KEEP_ALIVE: Final = 75
"""Seconds, as MiniStack has it."""

_REFUSAL: Final = b'{"message": "The emulator answers the local stage alone."}'


class Guard:
    """An ASGI app in front of the emulator's: it lets through what carries the secret.

    A page in a browser is refused even then, except where our gateway sends a page's request
    to an API.
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
            # Before it is accepted, which makes a 403 of it.
            await send({"type": "websocket.close"})
        else:
            await _refuse(send)

    def _admit(self, scope: "Scope") -> "Scope | None":
        """The request as the emulator is to see it; None if it is refused."""
        raw_path: bytes = scope["raw_path"]
        size = len(self._prefix)
        has_secret = hmac.compare_digest(raw_path[:size], self._prefix)
        ends_there = raw_path[size : size + 1] in {b"", b"/"}
        if scope["type"] != "http" or not (has_secret and ends_there):
            return None
        path: str = scope["path"][size:] or "/"
        if path.startswith(_API):
            return {**scope, "path": path, "raw_path": raw_path[size:]}
        # AWS's signature is of the path as it was sent: the raw one stays.
        return None if _is_of_a_page(scope) else {**scope, "path": path}


class OwnCalls(urllib.request.BaseHandler):
    """Adds the secret where the emulator asks itself for a user pool's keys.

    Its authorizer does so with `urllib`, under `localhost`; which another user's program might
    answer on IPv6.
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


def _is_of_a_page(scope: "Scope") -> bool:
    """Whether a browser sent it for a page; no page can set or leave out these headers."""
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
    """Serve on the listening socket whose descriptor is the one argument.

    The endpoint, with the secret, is `AWS_ENDPOINT_URL`: other users can read a command line,
    but no variables. Functions inherit it.
    """
    if sys.platform == "linux":
        # We end with the process that started us, even if that is killed.
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    urllib.request.install_opener(urllib.request.build_opener(OwnCalls(endpoint)))
    # By name: our own interpreter, which checks this file, has neither.
    ministack: Any = importlib.import_module("ministack.app")
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    config: Any = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{sys.argv[1]}"]
    config.keep_alive_timeout = _KEEP_ALIVE
    guard = Guard(ministack.app, urlsplit(endpoint).path.removeprefix("/"))
    asyncio.run(hypercorn.serve(guard, config, mode="asgi"))


if __name__ == "__main__":
    main()
