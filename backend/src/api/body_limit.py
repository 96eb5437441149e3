"""The limit of a request's body."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Final

from src.api.access import find_header
from src.utils.errors import ContentTooLargeError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Message, Receive

type Endpoint = Callable[["Request"], Awaitable["Response"]]
"""A function of a Starlette route."""

MAX_BODY_SIZE: Final = 1024 * 1024
"""Maximum size of a request's body, in bytes."""

TOO_LARGE: Final = "The body is larger than 1 MiB."


def with_body_limit(request: "Request") -> "Receive":
    """Return a request's `receive`, with an error for a body above the limit.

    Raises:
        ContentTooLargeError: if the declared length is above the limit; `receive` raises it if
            the body itself is.
    """
    declared = find_header(request.scope, b"content-length")
    # As a float: int() refuses a number of five thousand digits.
    if declared and declared.isdigit() and float(declared) > MAX_BODY_SIZE:
        raise _too_large()
    size = 0

    async def receive_within_limit() -> "Message":
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY_SIZE:
            raise _too_large()
        return message

    return receive_within_limit


def refuse_large_body(endpoint: "Endpoint") -> "Endpoint":
    """Return an endpoint that reads no body, with the limit for the ignored body."""

    @wraps(endpoint)
    async def answer(request: "Request") -> "Response":
        receive = with_body_limit(request)
        while (await receive()).get("more_body"):
            pass
        return await endpoint(request)

    return answer


def _too_large() -> ContentTooLargeError:
    return ContentTooLargeError(TOO_LARGE)
