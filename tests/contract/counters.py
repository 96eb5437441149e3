"""Counters, possibly changed by others too, and sessions of the tracking operations."""

import re
import uuid
from typing import Any, Final

import httpx

from tests.contract.target import Target

FORMS: Final = ("Az09_-", "x", "_", "-", "x" * 128)
"""Session ids of the allowed form."""

ABSENT: Final = (
    *("null", "undefined", "NaN"),
    *("", "x" * 129, "a b", "a.b", "a/b", "a;b", "sitzung-ä", "セッション"),
)
"""Session ids that count as absent."""


def session(session_id: str | None = None) -> dict[str, str]:
    """Return the header of a session, by default of a new one."""
    return {"X-Session-Id": session_id or new_session_id()}


def session_header(session_id: str) -> dict[str, bytes]:
    """Return the header of a session as bytes: httpx refuses other texts than ASCII."""
    return {"X-Session-Id": session_id.encode()}


def new_session_id() -> str:
    return f"contract-{uuid.uuid4().hex}"


def new_visitor() -> dict[str, str]:
    """Return the headers of a visitor without a session id, whom no other test is."""
    return {"User-Agent": new_session_id()}


def post(client: httpx.Client, path: str, **options: Any) -> dict[str, Any]:
    """Track a visit or a view; return the answer after a check of what both have."""
    answer = client.post(path, **options)
    assert answer.status_code == 200, answer.text
    tracked: dict[str, Any] = answer.json()
    assert tracked["message"].endswith(".")
    assert re.fullmatch("[0-9a-f]{16}", tracked["sessionId"])
    assert type(tracked["tracked"]) is bool
    return tracked


def assert_grew(target: Target, before: int, after: int, by: int) -> None:
    """Check that a counter grew by so much; others may add to it on a shared stage."""
    assert after == before + by if target.is_ours_alone else after >= before + by
