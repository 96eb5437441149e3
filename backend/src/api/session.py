"""Session of a visitor, stored only as an HMAC."""

import hmac
import re
from typing import Annotated, Final

from fastapi import Depends, Header
from starlette.requests import Request

from src.dependencies import SettingsDependency

_SESSION_ID_PATTERN: Final = "^[A-Za-z0-9_-]{1,128}$"

_MEANT_AS_ABSENT: Final = frozenset({"null", "undefined", "NaN"})
"""Texts of a missing value in JavaScript; as ids, they would be one session of many visitors."""

_ADDRESS_WITH_PORT: Final = re.compile(r"(?P<v4>[^:]*):\d+|\[(?P<v6>[^\]]*)\](:\d+)?", re.ASCII)
"""`192.0.2.1:443` or `[2001:db8::1]:443`; an IPv6 address without a port has no brackets."""


async def get_session(
    request: Request,
    settings: SettingsDependency,
    session_id: Annotated[
        str | None,
        Header(
            alias="X-Session-Id",
            pattern=_SESSION_ID_PATTERN,
            description=(
                "Default, also for `null`, `undefined` and `NaN`: "
                "the client's address and user agent identify the session."
            ),
            examples=["6f1c9d0e-visitor"],
        ),
    ] = None,
) -> str:
    """Return the HMAC of the session under the stage's key, in hex."""
    if session_id is not None and session_id not in _MEANT_AS_ABSENT:
        return _sign(settings, "id", session_id)
    address = request.client.host if request.client else ""
    return _sign(settings, "client", _without_port(address), request.headers.get("User-Agent", ""))


SessionDependency = Annotated[str, Depends(get_session)]


def _without_port(address: str) -> str:
    found = _ADDRESS_WITH_PORT.fullmatch(address)
    return found["v4"] or found["v6"] or "" if found else address


def _sign(settings: SettingsDependency, *parts: str) -> str:
    # No part has a line break, so different parts give different texts.
    message = "\n".join(parts).encode()
    return hmac.digest(settings.session_key.get_secret_value().encode(), message, "sha256").hex()
