"""An HTTP client of the Lambda handler: each request becomes an HTTP API's event, in-process."""

import asyncio
import base64
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast, override
from urllib.parse import unquote

import httpx
from mangum import Mangum

from tests.backend.lambda_handler import make_event

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mangum.types import LambdaContext


class LambdaTransport(httpx.BaseTransport):
    """Runs the handler for each request, as AWS's gateway does where it has no authorizer."""

    def __init__(self, app: "FastAPI", loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        asyncio.set_event_loop(loop)
        self._handler = Mangum(app, lifespan="off")

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # Mangum takes the current loop, which another client may have set since.
        asyncio.set_event_loop(self._loop)
        context = cast("LambdaContext", SimpleNamespace(aws_request_id=str(uuid.uuid4())))
        answer = self._handler(event_of(request), context)
        body = answer["body"].encode()
        if answer["isBase64Encoded"]:
            body = base64.b64decode(body)
        return httpx.Response(
            answer["statusCode"],
            headers=answer["headers"],
            content=b"" if request.method == "HEAD" else body,
        )


@contextmanager
def serve_events(app: "FastAPI") -> Generator[LambdaTransport]:
    """Give the transport of this app's handler, which any number of clients may share."""
    loop = asyncio.new_event_loop()
    try:
        yield LambdaTransport(app, loop)
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def event_of(request: httpx.Request) -> dict[str, Any]:
    """Return the event that AWS's gateway makes of a request."""
    path, _, query = request.url.raw_path.decode().partition("?")
    # Every escape is decoded but that of the percent sign.
    path = unquote(path.replace("%25", "%2525"))
    event = make_event(request.method, path, **dict(request.headers.items()))
    event["rawQueryString"] = query
    event["requestContext"]["requestId"] = str(uuid.uuid4())
    content = request.read()
    if content:
        event |= {"body": base64.b64encode(content).decode(), "isBase64Encoded": True}
    return event
