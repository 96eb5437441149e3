"""The program of the emulator's process: MiniStack, guarded by a secret.

MiniStack does not check the administrator's signatures, and runs Lambda code as the user.
So every path must begin with the secret: AWS clients get it as part of their endpoint.

With `KEEP_STATE=1`, tables and user pools are saved in `STATE_DIR`, and loaded at the next start.

The emulator's own interpreter runs this file as a script. It must not import modules of ours.
"""

import asyncio
import ctypes
import hmac
import importlib
import os
import signal
import sys
import threading
import urllib.request
from pathlib import Path
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

_KEPT: Final = ("cognito", "dynamodb")
"""MiniStack's modules of the kept services; also the names of their files."""

_USED: Final = (*_KEPT, "lambda_svc", "iam", "cloudwatch_logs", "apigateway", "cloudwatch", "sns")
"""MiniStack's modules of the program's services."""

_READS: Final = ("BatchGet", "Describe", "Get", "List", "Query", "Scan")
"""First words of operations without a change."""

_SAVE_INTERVAL: Final = 1.0
"""Seconds between two checks for changes to save."""

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


class KeptState:
    """An ASGI app in front of the emulator: it saves tables and user pools after changes.

    The folder is `STATE_DIR`. MiniStack saves the keys of a pool's tokens there too.
    """

    def __init__(self, app: "ASGIApp", folder: Path) -> None:
        """Save the state in a folder; it must be the emulator's `STATE_DIR`."""
        self._app, self._folder = app, folder
        self._has_changed = False
        self._files: Any = importlib.import_module("ministack.core.persistence")
        # Only after MiniStack's app is imported: by itself, it would save all services.
        self._files.PERSIST_STATE = True
        self._services: dict[str, Any] = {
            name: importlib.import_module(f"ministack.services.{name}") for name in _KEPT
        }

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass one request on, and note a possible change."""
        try:
            await self._app(scope, receive, send)
        finally:
            self._has_changed |= _may_change_state(scope)

    def load(self) -> None:
        """Load the state of an earlier start, if there is one.

        Raises:
            SystemExit: if a file cannot be read; it stays as it is.
        """
        for name, service in self._services.items():
            file = self._folder / f"{name}.json"
            if file.exists():
                state = self._files.load_state(name)
                if not state:
                    sys.exit(f"{file} cannot be read. To begin without it, delete its folder.")
                service.load_persisted_state(state)

    def save(self) -> None:
        """Write the state of each service to its file; each file is replaced at once."""
        for name, service in self._services.items():
            self._files.save_state(name, service.get_state())

    async def save_often(self) -> None:
        """Save changes within about a second, until the task is cancelled."""
        while True:
            await asyncio.sleep(_SAVE_INTERVAL)
            if self._has_changed:
                self._has_changed = False
                try:
                    self.save()
                except RuntimeError:  # a request has changed a table during the copy
                    self._has_changed = True


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


def _may_change_state(scope: "Scope") -> bool:
    headers = dict(scope.get("headers", ()))
    operation = headers.get(b"x-amz-target", b"").decode().partition(".")[2]
    return bool(operation) and not operation.startswith(_READS)


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
    # MiniStack imports a service with its first request. The deployment starts a second later.
    threading.Thread(target=_import_services, daemon=True).start()
    secret = urlsplit(endpoint).path.removeprefix("/")
    if os.environ.get("KEEP_STATE") == "1":
        state = KeptState(ministack.app, Path(os.environ["STATE_DIR"]))
        state.load()
        asyncio.run(_serve(Guard(state, secret), state))
        state.save()
    else:
        asyncio.run(_serve(Guard(ministack.app, secret)))


def _import_services() -> None:
    for name in _USED:
        importlib.import_module(f"ministack.services.{name}")
    # A worker with a debugger has its port from the start.
    if "PORTFOLIO_DEBUG_PORT" not in os.environ:
        _provide_spare_workers()


def _provide_spare_workers() -> None:
    sys.path.append(os.environ["PYTHONPATH"])
    module: Any = importlib.import_module("spare_worker")
    listed, backend = os.environ["PORTFOLIO_DEPENDENCIES"], os.environ["PORTFOLIO_BACKEND"]
    workers = module.SpareWorkers(listed, backend)
    workers.provide()
    if likely := os.environ.get("PORTFOLIO_LAST_LIBRARIES"):
        workers.prepare(likely, dict(os.environ))


async def _serve(app: "ASGIApp", state: KeptState | None = None) -> None:
    """Serve an app until SIGTERM, and save a state meanwhile."""
    hypercorn: Any = importlib.import_module("hypercorn.asyncio")
    config: Any = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{sys.argv[1]}"]
    config.keep_alive_timeout = _KEEP_ALIVE
    saving = asyncio.create_task(state.save_often()) if state else None
    await hypercorn.serve(app, config, mode="asgi")
    if saving:
        saving.cancel()


if __name__ == "__main__":
    main()
