"""Counters, possibly changed by others too, and new sessions."""

import uuid

from tests.contract.target import Target


def session(session_id: str | None = None) -> dict[str, str]:
    """Return the header of a session, by default of a new one."""
    return {"X-Session-Id": session_id or new_session_id()}


def new_session_id() -> str:
    return f"contract-{uuid.uuid4().hex}"


def assert_grew(target: Target, before: int, after: int, by: int) -> None:
    """Check that a counter grew by so much; others may add to it on a shared stage."""
    assert after == before + by if target.is_ours_alone else after >= before + by
