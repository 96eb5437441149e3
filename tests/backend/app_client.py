"""An HTTP client of an app in this process, without a socket."""

import asyncio
from typing import TYPE_CHECKING, override

import httpx

from src import SITE

if TYPE_CHECKING:
    from fastapi import FastAPI


class AppTransport(httpx.BaseTransport):
    """A transport to an app; an exception of the app fails the test."""

    def __init__(self, app: "FastAPI") -> None:
        self._runner = asyncio.Runner()
        self._transport = httpx.ASGITransport(app)

    @override
    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._handle(request))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        # As a stream: a length that was not declared stays undeclared.
        body = httpx.ByteStream(request.read())
        forwarded = httpx.Request(request.method, request.url, headers=request.headers, stream=body)
        response = await self._transport.handle_async_request(forwarded)
        # As sent: the response below decompresses it.
        content = b"".join([chunk async for chunk in response.aiter_raw()])
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    @override
    def close(self) -> None:
        self._runner.close()


def connect(app: "FastAPI") -> httpx.Client:
    """Return a client of this app; close it."""
    return httpx.Client(transport=AppTransport(app), base_url=f"https://api.{SITE}")
