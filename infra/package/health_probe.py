"""Call `/health` on the handler, in an interpreter with the package's files only.

An engine runs this as `python -I -S -B health_probe.py FOLDER`. The last line on standard error
is the problem, if one was found.
"""

import importlib
import json
import re
import sys
import traceback
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

HANDLER: Final = "src.main.handler"

HEALTH_EVENT: Final[dict[str, Any]] = {
    "version": "2.0",
    "routeKey": "$default",
    "rawPath": "/health",
    "rawQueryString": "",
    "headers": {
        "accept": "*/*",
        "content-length": "0",
        "host": "abcdefghij.execute-api.us-east-1.amazonaws.com",
        "user-agent": "portfolio-package",
        "x-amzn-trace-id": "Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e",
        "x-forwarded-for": "192.0.2.1",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    },
    "requestContext": {
        "accountId": "123456789012",
        "apiId": "abcdefghij",
        "domainName": "abcdefghij.execute-api.us-east-1.amazonaws.com",
        "domainPrefix": "abcdefghij",
        "http": {
            "method": "GET",
            "path": "/health",
            "protocol": "HTTP/1.1",
            "sourceIp": "192.0.2.1",
            "userAgent": "portfolio-package",
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": "$default",
        "stage": "$default",
        "time": "01/Jan/2026:00:00:00 +0000",
        "timeEpoch": 1767225600000,
    },
    "isBase64Encoded": False,
}
"""The event of an HTTP API (payload format 2.0) for `GET /health`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

_CONTEXT: Final = SimpleNamespace(
    aws_request_id="8476a536-e9f4-11e8-9739-2dfe598c3fcd",
    function_name="health-probe",
    function_version="$LATEST",
    get_remaining_time_in_millis=lambda: 30_000,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:health-probe",
    log_group_name="/aws/lambda/health-probe",
    log_stream_name="2026/01/01/[$LATEST]0123456789abcdef",
    memory_limit_in_mb=512,
)
_HELP_LINE: Final = re.compile(r"^\s*For further information visit .*$", re.MULTILINE)


def find_problem(import_handler: Callable[[], Callable[..., Any]]) -> str | None:
    """Return the problem with a handler's answer in one line, or None if it is healthy."""
    try:
        answer = import_handler()(HEALTH_EVENT, _CONTEXT)
        status, body = answer["statusCode"], json.loads(answer["body"])
    except BaseException as error:  # noqa: BLE001 - each error makes the package unusable
        return _describe(error)
    match status, body:
        case 200, {"status": "healthy"}:
            return None
        case _:
            return f"the answer is {status} {json.dumps(body)}"


def _describe(error: BaseException) -> str:
    """Return the error in one line, with the last place in the function's own code."""
    message = " ".join(_HELP_LINE.sub("", str(error)).split())
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/task/src/" in frame.filename]
    if not ours:
        return f"{type(error).__name__}: {message}"
    file = ours[-1].filename.rpartition("/task/")[2]
    return f"{type(error).__name__}: {message} (backend/{file}:{ours[-1].lineno})"


def _import_handler() -> Callable[..., Any]:
    module, _, name = HANDLER.rpartition(".")
    handler: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return handler


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    sys.exit(find_problem(_import_handler))
