"""Caching of public reads: for a minute or not at all, then revalidated by an ETag (RFC 9110)."""

import hashlib
import re
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from src.api.compression import is_compressed

_CACHE_CONTROL: Final = "Cache-Control"

_PUBLIC: Final = "public, max-age=60"
_PRIVATE: Final = "private, no-cache"
"""For a request with a token: the owner sees drafts, and their own changes immediately."""

_REVALIDATED: Final = "no-cache"
_NOT_KEPT: Final = "no-store"

_TAG_BYTES: Final = 16

_TAG: Final = r'"[^"]*"'
"""An entity tag; it may contain a comma (RFC 9110, section 8.8.3)."""

_ELEMENT: Final = rf"[ \t]*(?:(?:W/)?{_TAG}[ \t]*)?"
_TAG_LIST: Final = re.compile(rf"{_ELEMENT}(?:,{_ELEMENT})*")
_TAGS: Final = re.compile(_TAG)


def keep_from_caches(response: Response) -> None:
    """Let no cache keep an answer of a public read: it shows a draft."""
    response.headers[_CACHE_CONTROL] = _NOT_KEPT


def keep_for_a_minute(request: Request, response: Response) -> Response:
    """Let caches keep an answer for a minute; return 304 if the client has it already."""
    if response.headers.get(_CACHE_CONTROL) == _NOT_KEPT:
        return response
    cache_control = _PRIVATE if "Authorization" in request.headers else _PUBLIC
    return _make_conditional(request, response, cache_control, "Authorization, Accept-Encoding")


def revalidate_always(request: Request, response: Response) -> Response:
    """Let caches ask before each use of an answer; return 304 if the client has it already."""
    return _make_conditional(request, response, _REVALIDATED, "Accept-Encoding")


def _make_conditional(
    request: Request, response: Response, cache_control: str, vary: str
) -> Response:
    tag = _entity_tag(request, response)
    headers = {"ETag": tag, _CACHE_CONTROL: cache_control, "Vary": vary}
    if _is_known(request.headers.getlist("If-None-Match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return response


def _entity_tag(request: Request, response: Response) -> str:
    """Return the tag of a body; the compressed body has another (RFC 9110, section 8.8.3.3)."""
    digest = hashlib.blake2b(bytes(response.body), digest_size=_TAG_BYTES).hexdigest()
    return f'"{digest}-gzip"' if is_compressed(request.headers, response.body) else f'"{digest}"'


def _is_known(conditions: list[str], tag: str) -> bool:
    """Compare weakly, as proxies weaken tags (RFC 9110, section 13.1.2)."""
    condition = ",".join(conditions).strip()
    if condition == "*":
        return True
    return bool(_TAG_LIST.fullmatch(condition)) and tag in _TAGS.findall(condition)
