"""Caching of public reads: for a minute, then revalidated by their ETag (RFC 9110)."""

import hashlib
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_PUBLIC: Final = "public, max-age=60"
_PRIVATE: Final = "private, no-cache"
"""For a request with a token: the owner sees drafts, and their own changes immediately."""

_TAG_BYTES: Final = 16


def make_cacheable(request: Request, response: Response) -> Response:
    """Let caches keep an answer for a minute; return 304 if the client has it already."""
    tag = f'"{hashlib.blake2b(bytes(response.body), digest_size=_TAG_BYTES).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Cache-Control": _PRIVATE if "Authorization" in request.headers else _PUBLIC,
        "Vary": "Authorization",
    }
    if _is_known(request.headers.getlist("If-None-Match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return response


def _is_known(conditions: list[str], tag: str) -> bool:
    """Compare weakly, as proxies weaken tags (RFC 9110, section 13.1.2)."""
    tags = [each.strip().removeprefix("W/") for each in ",".join(conditions).split(",")]
    return tag in tags or tags == ["*"]
