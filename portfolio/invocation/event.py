"""An event of an HTTP API, as the function gets it (payload format 2.0)."""

import copy
import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

from infra.package import HEALTH_EVENT

_USER_AGENT: Final = "portfolio-invoke"


def make_event(
    method: str, path: str, body: str | None, headers: Mapping[str, str]
) -> dict[str, Any]:
    """Return the event of a request.

    Args:
        method: the HTTP method.
        path: the path, with its query.
        body: the body, if there is one.
        headers: further headers, with names in lower case.
    """
    raw_path, _, query = path.partition("?")
    # The gateway decodes every escape but that of the percent sign.
    decoded = unquote(raw_path.replace("%25", "%2525"))
    event, now = copy.deepcopy(HEALTH_EVENT), datetime.now(UTC)
    event |= {"rawPath": decoded, "rawQueryString": query}
    event["headers"] |= {
        "content-length": str(len((body or "").encode())),
        "user-agent": _USER_AGENT,
        **headers,
    }
    event["requestContext"] |= {
        "requestId": b64encode(secrets.token_bytes(11)).decode(),
        "time": f"{now:%d/%b/%Y:%H:%M:%S +0000}",
        "timeEpoch": int(1000 * now.timestamp()),
    }
    event["requestContext"]["http"] |= {
        "method": method,
        "path": decoded,
        "userAgent": _USER_AGENT,
    }
    return event if body is None else {**event, "body": body}
