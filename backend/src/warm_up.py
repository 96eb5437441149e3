"""A practice request at the end of the init phase; `main` makes it.

Lambda gives the init phase a full processor. At 512 MB, an invocation gets 0.29 of one. So all that
the first request needs is made and loaded here: the DynamoDB client, the app's middleware and
everything that Python, FastAPI and botocore load on first use.
"""

import io
import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from mangum import Mangum
    from mangum.types import LambdaContext
    from types_boto3_dynamodb import DynamoDBClient

_EVENT: Final[dict[str, Any]] = {
    "version": "2.0",
    "rawPath": "/blogs",
    "rawQueryString": "",
    "headers": {"host": "localhost", "accept-encoding": "gzip", "origin": "https://localhost"},
    "requestContext": {
        "requestId": "warm-up",
        "http": {"method": "GET", "path": "/blogs", "sourceIp": "127.0.0.1"},
    },
    "isBase64Encoded": False,
}
"""The gateway's event of the frontend's first call, `GET /blogs`."""

_BEFORE_SEND: Final = "before-send.dynamodb"
"""botocore's event before a call goes to the network; a handler's answer takes the place of it."""

_NOTHING_FOUND: Final = b'{"Items": [], "Count": 0, "Responses": {}, "UnprocessedKeys": {}}'
"""The body of an empty answer to each of DynamoDB's reads."""

_OK: Final = 200


def warm_up(handler: "Mangum", dynamodb: "DynamoDBClient") -> None:
    """Answer `GET /blogs` as if the table were empty; nothing is sent to the network.

    Raises:
        RuntimeError: if the answer is not 200; the log then has the reason.
    """
    # Python imports it to look up a host.
    import_module("encodings.idna")
    events: Any = dynamodb.meta.events
    events.register_first(_BEFORE_SEND, _answer_call)
    # The access log is for the requests of clients. Errors are still logged.
    logging.disable(logging.INFO)
    try:
        answer = handler(_EVENT, cast("LambdaContext", None))
    finally:
        logging.disable(logging.NOTSET)
        events.unregister(_BEFORE_SEND, _answer_call)
    if answer["statusCode"] != _OK:
        raise RuntimeError(f"The warm-up request failed: {answer['statusCode']} {answer['body']}")


def _answer_call(request: "AWSPreparedRequest", **_: object) -> AWSResponse:
    return AWSResponse(request.url, _OK, HTTPHeaders(), _Body(_NOTHING_FOUND))


class _Body(io.BytesIO):
    """A body for botocore, with the `stream` of urllib3's bodies."""

    def stream(self) -> "list[bytes]":
        """Return the content in one piece."""
        return [self.read()]
