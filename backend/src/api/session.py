"""Session of a visitor, stored only as an HMAC."""

import hmac
import re
from typing import Annotated, Any, Final, TypeGuard

from fastapi import Depends, Header
from starlette.requests import Request

from src.dependencies import SettingsDependency
from src.utils.strict_json import read_object

_SESSION_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")

_MEANT_AS_ABSENT: Final = frozenset({"null", "undefined", "NaN"})
"""Texts of a missing value in JavaScript; as ids, they would be one session of many visitors."""

_ADDRESS_WITH_PORT: Final = re.compile(r"(?P<v4>[^:]*):\d+|\[(?P<v6>[^\]]*)\](:\d+)?", re.ASCII)
"""`192.0.2.1:443` or `[2001:db8::1]:443`; an IPv6 address without a port has no brackets."""

_SHOWN_LENGTH: Final = 16
"""Length of a session in answers, in hex digits."""

_EXAMPLE: Final = "6f1c9d0e-visitor"

SESSION_FIELD: Final = {
    "session_id": {
        "type": "string",
        "description": "The session, if there is no valid `X-Session-Id`; the same rules apply.",
        "examples": [_EXAMPLE],
    }
}
"""Schema of the body's field with the session."""


def optional_body(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Document a body that a tracking operation reads: `openapi_extra=optional_body(…)`.

    FastAPI reads no body for it: `get_session` takes any content type, and wrong values too.
    """
    schema = {"title": name, "type": "object", "properties": properties}
    return {
        "requestBody": {
            "description": "Optional, of any content type; without a JSON object it is ignored.",
            "content": {"application/json": {"schema": schema}},
        }
    }


async def get_session(
    request: Request,
    settings: SettingsDependency,
    session_id: Annotated[
        str | None,
        Header(
            alias="X-Session-Id",
            description=(
                "The session: 1 to 128 letters, digits, `-` and `_`. Any other text, and `null`, "
                "`undefined` and `NaN`, count as absent. Default: the body's `session_id`, then "
                "the client's address and user agent."
            ),
            examples=[_EXAMPLE],
        ),
    ] = None,
) -> str:
    """Return the HMAC of the session under the stage's key, in hex.

    Raises:
        BadRequestError: if an object in the body has too many keys.
        ContentTooLargeError: if the body is too large.
    """
    body = read_object(await request.body())
    for sent in (session_id, body.get("session_id")):
        if _is_session_id(sent):
            return _sign(settings, "id", sent)
    address = request.client.host if request.client else ""
    return _sign(settings, "client", _without_port(address), request.headers.get("User-Agent", ""))


SessionDependency = Annotated[str, Depends(get_session)]


def shorten_session(session: str) -> str:
    """Return a session as answers show it."""
    return session[:_SHOWN_LENGTH]


def _is_session_id(sent: object) -> TypeGuard[str]:
    return (
        isinstance(sent, str)
        and sent not in _MEANT_AS_ABSENT
        and _SESSION_ID.fullmatch(sent) is not None
    )


def _without_port(address: str) -> str:
    found = _ADDRESS_WITH_PORT.fullmatch(address)
    return found["v4"] or found["v6"] or "" if found else address


def _sign(settings: SettingsDependency, *parts: str) -> str:
    # No part has a line break, so different parts give different texts.
    message = "\n".join(parts).encode()
    return hmac.digest(settings.session_key.get_secret_value().encode(), message, "sha256").hex()
