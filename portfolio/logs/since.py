"""`--since`: how far back to look."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from infra.errors import LogsError

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_since(text: str, now: datetime | None = None) -> int:
    """The moment a user means, in milliseconds since 1970.

    Args:
        text: a duration up to now, like `10m`, or an ISO time, local unless it says otherwise.
        now: the present moment.

    Raises:
        LogsError: if it is neither, or lies in the future.
    """
    now = now or datetime.now(UTC)
    moment = _moment(text.strip(), now)
    if moment is None:
        raise LogsError(
            f"--since {text!r} is not a time: give a duration like 30s, 10m, 2h or 1d, "
            "or an ISO time like 2026-01-31T09:30."
        )
    if moment > now:
        raise LogsError(f"--since {text!r} lies in the future.")
    return max(0, int(1000 * moment.timestamp()))


def _moment(text: str, now: datetime) -> datetime | None:
    duration = re.fullmatch(r"(\d+)([smhd])", text, re.ASCII)
    try:
        if duration:
            return now - timedelta(**{_UNITS[duration[2]]: int(duration[1])})
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        return None
