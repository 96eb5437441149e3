"""Session of a visitor, stored only as an HMAC."""

import hmac
from typing import Annotated, Final

from fastapi import Depends, Header
from starlette.requests import Request

from src.dependencies import SettingsDependency

_SESSION_ID_PATTERN: Final = "^[A-Za-z0-9_-]{1,128}$"


async def get_session(
    request: Request,
    settings: SettingsDependency,
    session_id: Annotated[
        str | None,
        Header(
            alias="X-Session-Id",
            pattern=_SESSION_ID_PATTERN,
            description="Default: the client's address and user agent identify the session.",
            examples=["6f1c9d0e-visitor"],
        ),
    ] = None,
) -> str:
    """Return the HMAC of the session under the stage's key, in hex."""
    if session_id is not None:
        return _sign(settings, "id", session_id)
    address = request.client.host if request.client else ""
    return _sign(settings, "client", address, request.headers.get("User-Agent", ""))


SessionDependency = Annotated[str, Depends(get_session)]


def _sign(settings: SettingsDependency, *parts: str) -> str:
    # No part has a line break, so different parts give different texts.
    message = "\n".join(parts).encode()
    return hmac.digest(settings.session_key.get_secret_value().encode(), message, "sha256").hex()
