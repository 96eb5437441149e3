"""The Lambda handler of an app: events of AWS's gateway in, answers out.

An event in another form is answered 400. Without this module, Mangum would raise before the app
starts, and the client would see the gateway's 502.
"""

import base64
from typing import TYPE_CHECKING, Any, Final, cast, override

from mangum import Mangum
from mangum.handlers import HTTPGateway

from src.api.access import find_gateway_id
from src.api.middleware import UNREADABLE

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mangum.types import LambdaConfig, LambdaContext, LambdaEvent, Response
    from starlette.types import Scope
_UNKNOWN_METHOD: Final = "GET"
_METHODS: Final = frozenset({_UNKNOWN_METHOD, "HEAD", "POST", "PUT", "DELETE", "PATCH"})
"""Methods of a refused request in the log; `OPTIONS` would be answered as a preflight."""

_MAX_TEXT_BODY: Final = 1024 * 1024
"""Maximum size of a body sent as text, in bytes; a larger one is sent in base64.

Base64 adds a third. Text is escaped for Lambda's JSON: in the worst case, it has the double size.
"""


def create_handler(app: "FastAPI") -> Mangum:
    """Return the Lambda handler of an app."""
    # Mangum declares that a handler takes any arguments, but passes three.
    readers: Any = [GatewayEvent]
    return Mangum(app, lifespan="off", custom_handlers=readers)


class GatewayEvent(HTTPGateway):
    """An event of an HTTP API, read once; an unreadable one becomes a request to refuse."""

    @classmethod
    @override
    def infer(cls, event: "LambdaEvent", context: "LambdaContext", config: "LambdaConfig") -> bool:
        return True

    def __init__(
        self, event: "LambdaEvent", context: "LambdaContext", config: "LambdaConfig"
    ) -> None:
        super().__init__(event, context, config)
        try:
            self._scope, self._body = _checked(super().scope), super().body
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            self._scope, self._body = _unreadable_scope(event, context, error), b""

    @property
    @override
    def scope(self) -> "Scope":
        return self._scope

    @property
    @override
    def body(self) -> bytes:
        return self._body

    @override
    def __call__(self, response: "Response") -> dict[str, Any]:
        answer = super().__call__(response)
        body = response["body"]
        if len(body) > _MAX_TEXT_BODY and not answer["isBase64Encoded"]:
            answer |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        return answer


def _checked(scope: "Scope") -> "Scope":
    """Return the scope if its texts are texts.

    Raises:
        TypeError: if a text is of another type.
        ValueError: if a text cannot be encoded.
    """
    address, _ = scope["client"]
    for text in (scope["method"], scope["path"], scope["scheme"], address):
        if not isinstance(text, str):
            raise TypeError
        text.encode()
    return scope


def _unreadable_scope(event: object, context: "LambdaContext", error: Exception) -> "Scope":
    """Return a request with as much of the event as the answer and the log need."""
    origin = _find_origin(event)
    return {
        "type": "http",
        "method": _find_method(event),
        "http_version": "1.1",
        "headers": [] if origin is None else [(b"origin", origin.encode())],
        "path": "/",
        "raw_path": None,
        "root_path": "",
        "scheme": "https",
        "query_string": b"",
        "server": None,
        "client": None,
        "asgi": {"version": "3.0", "spec_version": "2.0"},
        "aws.event": {"version": "2.0", "requestContext": {"requestId": find_gateway_id(event)}},
        "aws.context": context,
        # Not its message: that may have a text of the client, and the log must not.
        UNREADABLE: type(error).__name__,
    }


def _find_method(event: object) -> str:
    match event:
        case {"requestContext": {"http": {"method": str(method)}}} if method in _METHODS:
            return method
        case _:
            return _UNKNOWN_METHOD


def _find_origin(event: object) -> str | None:
    headers = cast("dict[str, object]", event).get("headers") if isinstance(event, dict) else None
    if not isinstance(headers, dict):
        return None
    for name, value in cast("dict[object, object]", headers).items():
        if str(name).lower() == "origin" and isinstance(value, str) and value.isascii():
            return value
    return None
