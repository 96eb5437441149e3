"""The Lambda handler in-process: called with events, or by an HTTP client."""

import asyncio
import base64
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast, override
from urllib.parse import unquote

import httpx

from src.api.gateway import create_handler
from tests.backend.lambda_handler import make_event

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mangum.types import LambdaContext

type Invoke = Callable[[dict[str, Any]], dict[str, Any]]
"""Returns the handler's answer to an event."""

FUNCTION_ID: Final = "lambda-id"
"""Lambda's id of every invocation."""


@contextmanager
def open_handler(app: "FastAPI") -> Generator[Invoke]:
    """Give an app the handler of `src.main`."""
    context = cast("LambdaContext", SimpleNamespace(aws_request_id=FUNCTION_ID))
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        handler = create_handler(app)

        def invoke(event: dict[str, Any]) -> dict[str, Any]:
            # Mangum runs on the current loop, which another client may have set since.
            asyncio.set_event_loop(loop)
            return handler(event, context)

        yield invoke


class LambdaTransport(httpx.BaseTransport):
    """Turns requests into events and answers into responses, as AWS's gateway does."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._invoke(event_of(request))
        body = answer["body"].encode()
        if answer["isBase64Encoded"]:
            body = base64.b64decode(body)
        return httpx.Response(
            answer["statusCode"],
            headers=answer["headers"],
            content=b"" if request.method == "HEAD" else body,
        )


def event_of(request: httpx.Request) -> dict[str, Any]:
    """Return the event of AWS's gateway for a request."""
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
